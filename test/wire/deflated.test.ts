import { constants, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Deflated } from '../../src/wire/transport/deflated.js';
import { eventually } from '../support/scratch.js';
import { FarEnd, settled } from './server-end.js';

const MB = 1024 * 1024;
const WHOLE = { finishFlush: constants.Z_SYNC_FLUSH };

describe('a compressed stream', () => {
  it('inflates only as far as it is read', async () => {
    const below = new FarEnd();
    const stream = new Deflated(below, 6);
    below.push(deflateSync(Buffer.alloc(64 * MB)));
    stream.once('readable', () => {});
    let before = -1;
    await eventually(() => {
      const still = stream.readableLength > 0 && stream.readableLength === before;
      before = stream.readableLength;
      return still;
    });
    expect(stream.readableLength).toBeLessThan(MB);
    let length = 0;
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
    });
    await eventually(() => length === 64 * MB);
    stream.destroy();
  });

  it('has sent all of what was written, each time', async () => {
    const below = new FarEnd();
    const stream = new Deflated(below, 6);
    let written = '';
    for (const piece of ['one', 'two', 'three']) {
      written += piece;
      stream.write(piece);
      await eventually(() => inflateSync(below.sent, WHOLE).toString() === written);
    }
    stream.destroy();
  });

  it('ends with the one below, and is ended by it', async () => {
    const below = new FarEnd();
    const stream = new Deflated(below, 6);
    stream.resume();
    stream.end('bye');
    await eventually(() => below.writableFinished);
    expect(inflateSync(below.sent).toString()).toBe('bye');
    below.push(null);
    await eventually(() => stream.destroyed && below.destroyed);
    const other = new Deflated(new FarEnd(), 6);
    other.destroy();
    await settled();
    expect(other.destroyed).toBe(true);
  });

  it('fails on what is not compressed', async () => {
    const below = new FarEnd();
    const stream = new Deflated(below, 6);
    const failed = new Promise((resolve) => stream.on('error', resolve));
    stream.resume();
    below.push(Buffer.from('not compressed'));
    expect(await failed).toMatchObject({ code: 'Z_DATA_ERROR' });
    await eventually(() => below.destroyed);
  });
});
