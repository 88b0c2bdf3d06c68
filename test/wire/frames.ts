/** Frames by hand, the other way round from how the code does it. */

export function frame(serial: number, ...buffers: readonly Uint8Array[]): Buffer {
  const parts = [int32(serial), int32(buffers.length)];
  for (const buffer of buffers) parts.push(int32(buffer.length), Buffer.from(buffer));
  return Buffer.concat(parts);
}

/** All messages of a stream that is whole. */
export function unframe(bytes: Buffer): { serial: number; bytes: Buffer }[] {
  const messages: { serial: number; bytes: Buffer }[] = [];
  let at = 0;
  while (at < bytes.length) {
    const serial = bytes.readInt32BE(at);
    const count = bytes.readInt32BE(at + 4);
    at += 8;
    const buffers: Buffer[] = [];
    for (let i = 0; i < count; i++) {
      const length = bytes.readInt32BE(at);
      buffers.push(bytes.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    messages.push({ serial, bytes: Buffer.concat(buffers) });
  }
  return messages;
}

export function int32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
}
