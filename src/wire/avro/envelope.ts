/** What stands around the parameters of a call, and around its result. */

import { MalformedError } from '../malformed.js';
import type { BinaryReader } from './binary-reader.js';
import { encodeBlob, encodeLength, joined } from './binary-writer.js';
import { RemoteError } from './remote-error.js';

const NO_METADATA = encodeLength(0);
/** The error flag, and for an error the branch of its union that is a string: any call may end so. */
const OK = Uint8Array.of(0);
const SYSTEM_ERROR = Uint8Array.of(1, 0);

/** Goes before the parameters of a call. */
export function encodeCallHead(message: string): Uint8Array {
  return joined([NO_METADATA, encodeBlob(message)]);
}

/** The name of the message; its parameters follow. It is empty where only the handshake is meant. */
export function readCallHead(reader: BinaryReader): string {
  reader.skipMap();
  return reader.string();
}

/** In the buffers in which other servers send it. */
export function encodeResult(result: Uint8Array): Uint8Array[] {
  return result.length < 4096 ? [NO_METADATA, joined([OK, result])] : [NO_METADATA, OK, result];
}

export function encodeSystemError(message: string): Uint8Array[] {
  return [NO_METADATA, joined([SYSTEM_ERROR, encodeBlob(message)])];
}

/** The result, as a view. Throws a `RemoteError` where the far end gave one. */
export function readResult(reader: BinaryReader): Uint8Array {
  reader.skipMap();
  switch (reader.byte()) {
    case 0:
      return reader.take(reader.left);
    case 1:
      // None of our messages declares an error, so the union has only the string.
      if (reader.long() !== 0) throw new MalformedError('an unknown kind of error');
      throw new RemoteError(reader.string());
    default:
      throw new MalformedError('a mark of errors that is neither 0 nor 1');
  }
}
