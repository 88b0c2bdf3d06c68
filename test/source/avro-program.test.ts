/** The built program as the receiving end: what an answer is worth, and what the output shows of headers. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { PLAIN } from '../../src/core/endpoint.js';
import { FLUME } from '../../src/wire/avro/protocols.js';
import { RpcClient } from '../../src/wire/avro/rpc-client.js';
import { recordsIn } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { type Run, run } from '../support/run.js';
import { scratch } from '../support/scratch.js';
import { begun, endedWith0, killed, shows } from '../support/spool-place.js';
import { bodies, Sender } from './avro-rig.js';

const directory = scratch();

function watch(cwd: string, ...args: readonly string[]): Promise<Run> {
  return begun(run(['watch', 'avro://:0', '--slide', '0.1', '-o', 'ndjson', ...args], { cwd }));
}

async function connect({ written }: Run): Promise<Sender> {
  const listening = recordsIn(written.stderr).find(({ msg }) => msg === 'Listening for events.');
  const [host, port] = String(listening?.at).split(':');
  const client = await RpcClient.connect({
    protocol: FLUME,
    endpoint: { host, port: Number(port), layers: PLAIN },
    connectTimeout: 5000,
    maxCall: 1 << 20,
    clock: systemClock,
  });
  return new Sender(client);
}

describe.concurrent('the program', () => {
  it('has in its journal what it has answered, where that is asked for', async () => {
    const cwd = directory();
    const args = ['--state', 'state', '--ack', 'durable'];
    const first = await watch(cwd, ...args);
    const sender = await connect(first);
    for (const url of ['/a', '/b', '/a'])
      expect(await sender.send(...bodies(requests(url)))).toBe('OK');
    await killed(first);
    const second = await watch(cwd, ...args);
    const { top } = await shows(second, ({ total }) => total > 0);
    expect(top.map(({ url, count }) => [url, count])).toEqual([
      ['/a', 2],
      ['/b', 1],
    ]);
    await endedWith0(second);
  });

  it('counts by headers, and names them as they were asked for', async () => {
    const logwin = await watch(directory(), '--by', 'header.a.File,status');
    const sender = await connect(logwin);
    const body = requests('/a');
    const of = (headers: Record<string, string>) => ({ body, headers });
    await sender.send(of({ 'a.File': 'x' }), of({ 'a.File': 'y\t' }), of({ 'a.file': 'z' }));
    await sender.send(of({ 'a.File': 'x' }));
    const { top, rejected } = await shows(logwin, ({ total }) => total === 3);
    expect(top).toMatchObject([
      { 'header.a.File': 'x', status: '200', count: 2 },
      { 'header.a.File': 'y\t', status: '200', count: 1 },
    ]);
    expect(rejected).toBe(1);
    sender.client.destroy();
    await endedWith0(logwin);
  });
});
