import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryChannel } from '../../src/channel/memory-channel.js';
import type { Batch } from '../../src/core/batch.js';
import type { NetcatOptions } from '../../src/core/config.js';
import type { Channel } from '../../src/core/stages.js';
import { createCutting } from '../../src/source/lines/cutting.js';
import { NetcatSource } from '../../src/source/netcat/netcat-source.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordedLog } from '../support/recorded-log.js';
import { eventually } from '../support/scratch.js';
import { SharedBuffers } from '../support/shared-buffers.js';

interface Started {
  readonly source: NetcatSource;
  readonly channel: Channel;
  readonly log: RecordedLog;
  readonly clock: FakeClock;
  readonly ran: Promise<void>;
  /** How many batches were put, or are to be. */
  puts(): number;
  /** A sender. */
  dial(): Promise<Socket>;
}

const open: Started[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const { source, ran } of open.splice(0)) {
    source.stop();
    await source.close();
    await ran;
  }
});

async function start(options: Partial<NetcatOptions> = {}, lines = 1000): Promise<Started> {
  const log = new RecordedLog();
  const clock = new FakeClock();
  const limits = { maxLine: 65_536, channelLines: 10_000, channelBytes: 1_000_000 };
  const cutting = createCutting(limits, new SharedBuffers(64, 1));
  const source = new NetcatSource(
    { host: '127.0.0.1', port: 0, maxLine: 512, acknowledge: true, ...options },
    { clock, log, cutting },
  );
  const channel = new MemoryChannel({ lines, bytes: 1_000_000 });
  await source.open();
  await source.begin();
  let puts = 0;
  const put: Channel['put'] = (batch, withdrawal) => {
    puts += 1;
    return channel.put(batch, withdrawal);
  };
  const ran = source.run({ put });
  const dial = async (): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port: source.port, allowHalfOpen: true });
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  const started = { source, channel, log, clock, ran, dial, puts: () => puts };
  open.push(started);
  return started;
}

/** Sends and half closes; resolves to all that was answered. */
async function exchange(started: Started, sent: string | Buffer): Promise<string> {
  const socket = await started.dial();
  socket.end(sent);
  return text(socket);
}

function bodies(batch: Batch | undefined): string {
  if (batch?.kind !== 'lines') throw new Error(`no lines: ${batch?.kind}`);
  return Buffer.from(batch.bytes).toString();
}

async function taken(channel: Channel): Promise<string> {
  const batch = await channel.take();
  if (batch !== undefined) channel.acknowledge(batch);
  return bodies(batch);
}

describe('a netcat source', () => {
  it('takes each line as an event, and answers each with OK', async () => {
    const started = await start();
    expect(await exchange(started, 'a\n\nb c\r\n')).toBe('OK\nOK\nOK\n');
    expect(await taken(started.channel)).toBe('a\n\nb c\r\n');
  });

  it('answers nothing where it is told so', async () => {
    const started = await start({ acknowledge: false });
    expect(await exchange(started, 'a\nb\n')).toBe('');
    expect(await taken(started.channel)).toBe('a\nb\n');
  });

  it('takes a last line without its end when the sender has ended', async () => {
    const started = await start();
    expect(await exchange(started, 'a\nb')).toBe('OK\nOK\n');
    expect([await taken(started.channel), await taken(started.channel)]).toEqual(['a\n', 'b']);
  });

  it('takes what comes in pieces', async () => {
    const started = await start();
    const socket = await started.dial();
    socket.setNoDelay(true);
    for (const piece of Buffer.from('äb\nc')) {
      socket.write(Uint8Array.of(piece));
      await new Promise(setImmediate);
    }
    socket.end('\n');
    expect(await text(socket)).toBe('OK\nOK\n');
    expect((await taken(started.channel)).startsWith('äb\n')).toBe(true);
  });

  it('counts positions over all connections', async () => {
    const { channel, ...rest } = await start();
    await exchange({ channel, ...rest }, 'ab\n');
    await exchange({ channel, ...rest }, 'c\n');
    const [first, second] = [await channel.take(), await channel.take()];
    expect([first?.start, first?.end, second?.start, second?.end]).toEqual([0, 3, 3, 5]);
  });

  const FAILED = 'FAILED: Event exceeds the maximum length (8 chars, including newline)\n';

  it.each([
    ['1234567\n', 'OK\n'],
    ['12345678\n', FAILED],
    ['12345678', FAILED],
    ['1234567', 'OK\n'],
    ['ä😀äää\n', 'OK\n'],
    ['ä😀ääää\n', 'OK\n'],
    ['ä😀äääää\n', FAILED],
    ['a\n12345678\nb\n', `OK\n${FAILED}`],
    ['x'.repeat(25), FAILED],
  ])('with eight characters a line, answers %j with %j', async (sent, answer) => {
    expect(await exchange(await start({ maxLine: 8 }), sent)).toBe(answer);
  });

  it('ends the connection of a line that is too long, and says so; others go on', async () => {
    const started = await start({ maxLine: 8 });
    const other = await started.dial();
    const socket = await started.dial();
    socket.write('a\n123456789');
    expect(await text(socket)).toBe(`OK\n${FAILED}`);
    const dropped = expect.objectContaining({ reason: 'a line was too long' });
    await eventually(() => started.log.lines.length > 1);
    expect(started.log.lines).toContainEqual(['warn', 'A connection was dropped', dropped]);
    other.end('b\n');
    expect(await text(other)).toBe('OK\n');
  });

  it('reads no more of a sender while there is no room, and answers when there is', async () => {
    const started = await start({}, 1);
    const socket = await started.dial();
    socket.write('a\n');
    await once(socket, 'data');
    socket.write('b\n');
    let answered = false;
    socket.on('data', () => {
      answered = true;
    });
    await eventually(() => started.puts() === 2);
    const first = await started.channel.take();
    await new Promise(setImmediate);
    expect(answered).toBe(false);
    if (first !== undefined) started.channel.acknowledge(first);
    await eventually(() => answered);
    expect(await taken(started.channel)).toBe('b\n');
  });

  it('takes 64 connections at a time', async () => {
    const started = await start();
    for (let count = 0; count < 64; count += 1) await started.dial();
    const extra = await started.dial();
    expect(await text(extra)).toBe('');
    sockets[0].end('a\n');
    expect(await text(sockets[0])).toBe('OK\n');
  });

  it('ends at once where senders are silent', async () => {
    const started = await start();
    const socket = await started.dial();
    socket.write('a\n');
    await once(socket, 'data');
    started.source.stop();
    await started.ran;
    expect(started.clock.timers).toBe(1);
    await started.source.close();
    expect(started.clock.timers).toBe(0);
  });

  it('leaves out what there was no room for when it is stopped, and says so', async () => {
    const started = await start({}, 1);
    const socket = await started.dial();
    socket.write('a\n');
    await once(socket, 'data');
    const answers = text(socket);
    socket.write('b\nc\n');
    await eventually(() => started.puts() === 2);
    started.source.stop();
    await started.ran;
    expect(await answers).toBe('');
    expect(started.log.lines.map(([, message]) => message)).toContain(
      'There was no room for lines when the run ended; they are left out.',
    );
  });

  it('lets go of a sender that does not read its answers', async () => {
    const started = await start();
    const socket = await started.dial();
    socket.pause();
    socket.on('error', () => {});
    const lines = '\n'.repeat(60_000);
    const drain = (async () => {
      for (;;) {
        const batch = await started.channel.take();
        if (batch === undefined) return;
        started.channel.acknowledge(batch);
      }
    })();
    for (let sent = 0; sent < 300; sent += 1) socket.write(lines);
    let written = -1;
    // Nothing goes on any more.
    await eventually(() => {
      const before = written;
      written = socket.bytesWritten - socket.writableLength;
      return written === before && socket.writableLength > 0;
    });
    started.source.stop();
    started.clock.advance(1000);
    await started.ran;
    started.channel.close();
    await drain;
  });

  it('cannot listen where something else does', async () => {
    const { source } = await start();
    const limits = { maxLine: 65_536, channelLines: 1, channelBytes: 1 };
    const cutting = createCutting(limits, new SharedBuffers(64, 1));
    const around = { clock: new FakeClock(), log: new RecordedLog(), cutting };
    const options = { host: '127.0.0.1', port: source.port, maxLine: 512, acknowledge: true };
    await expect(new NetcatSource(options, around).open()).rejects.toMatchObject({
      code: 'source-unusable',
    });
  });
});
