/** The notes' files and Flume's own samples. They are no part of the project. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is Flume that reads them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lacksShared, SHARED } from '../support/surroundings.js';
import { faults, resolve } from './agent-file.js';

const FOLDER = 'data/flume-conf';

function conf(name: string): string {
  return readFileSync(join(SHARED, FOLDER, name), 'latin1');
}

describe.skipIf(lacksShared(FOLDER))('real files (needs ../shared)', () => {
  it('the file of the notes is run as it is', () => {
    const { config } = resolve(conf('sparkstreamingflume.conf'));
    expect(config).toMatchObject({
      sources: [
        {
          name: 'r1',
          source: { kind: 'spool', directory: '/home/maria_dev/spool', after: { kind: 'rename' } },
          headers: [
            { kind: 'file', header: 'file', form: 'absolute' },
            { kind: 'timestamp', header: 'timestamp', preserve: false },
          ],
          channels: ['c1'],
        },
      ],
      channels: [{ name: 'c1', lines: 1000, bytes: 64 * 1024 * 1024 }],
      sinks: [
        {
          kind: 'deliver',
          name: 'k1',
          channel: 'c1',
          batch: 100,
          deliveries: [{ kind: 'avro', host: 'localhost', port: 9092, requestTimeout: 20_000 }],
        },
      ],
      state: { kind: 'usual' },
      maxLine: 65_536,
    });
  });

  it('the example with netcat and a logger is run as it is', () => {
    expect(resolve(conf('example.conf')).config).toMatchObject({
      sources: [{ source: { kind: 'netcat', host: 'localhost', port: 44_444, maxLine: 512 } }],
      sinks: [{ deliveries: [{ kind: 'logger', name: 'k1', maxBytes: 16 }] }],
    });
  });

  it.each([
    ['flumelogs.conf', 'a1', 17, 'a1.sinks.k1.type'],
    ['sparkstreamingflume_adsk_two_sinks.conf', 'agent', 36, 'agent.sinks.hdfs.type'],
  ])('%s asks for hdfs, and that alone is refused', (file, name, line, key) => {
    expect(faults(conf(file), { name })).toEqual([
      expect.stringMatching(`^x\\.conf:${line}: ${key} = hdfs is not supported; .*file_roll`),
    ]);
  });

  it('the sample with a variable takes it as Flume 1.11 and as older ones do', () => {
    const text = conf('apache-flume/flume-conf-with-envvars.properties');
    expect(faults(text)).toEqual([expect.stringContaining('= ${NC_PORT} is no port')]);
    const D = ['propertiesImplementation=org.apache.flume.node.EnvVarResolverProperties'];
    expect(resolve(text, { D }).config.sources[0].source).toMatchObject({ port: 44_444 });
  });

  it.each([
    ['host1', ['source1.type = seq is not supported']],
    [
      'host2',
      ['lists no channels', 'src1.type = foo is not known', 'sink1.type = bar is not known'],
    ],
    ['host4', ['src2, which has no properties', 'ch1, which has no properties']],
    [
      'host5',
      ['sink3, which has no properties', 'ch1.type = abc is not known', 'write processor in place'],
    ],
  ])('of the sample with invalid agents, %s is refused', (name, expected) => {
    const found = faults(conf('apache-flume/flume-conf.properties'), { name });
    for (const text of expected) expect(found).toContainEqual(expect.stringContaining(text));
  });
});
