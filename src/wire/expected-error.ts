import { LogwinError, systemCode } from '../core/errors.js';
import { RemoteError } from './avro/remote-error.js';
import { ConnectionError } from './connection-error.js';
import { MalformedError } from './malformed.js';

/**
 * Whether what failed may work another time: the far end, the way to it, or the files of certificates are
 * not as they should be. Anything else is a bug of ours, and trying again would only hide it.
 */
export function isExpected(error: unknown): boolean {
  return (
    error instanceof ConnectionError ||
    error instanceof RemoteError ||
    error instanceof MalformedError ||
    error instanceof LogwinError ||
    systemCode(error) !== undefined
  );
}
