import type { Duplex } from 'node:stream';

/** A buffer of so many bytes or more is written as it is; smaller ones are put together first. */
const LARGE = 4096;

/**
 * Writes one message as a frame. There is at least one buffer, or the Java end waits for ever. `written`
 * is called when the stream has passed it on. The buffers must stay as they are until then.
 */
export function writeFrame(
  stream: Duplex,
  serial: number,
  buffers: readonly Uint8Array[],
  written: () => void,
): void {
  stream.cork();
  let small: Uint8Array[] = [int32(serial), int32(buffers.length)];
  for (const buffer of buffers) {
    small.push(int32(buffer.length));
    if (buffer.length < LARGE) {
      small.push(buffer);
      continue;
    }
    stream.write(Buffer.concat(small));
    small = [];
    stream.write(buffer);
  }
  stream.write(Buffer.concat(small), written);
  stream.uncork();
}

function int32(number: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(number);
  return bytes;
}
