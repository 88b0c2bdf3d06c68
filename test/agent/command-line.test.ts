/** The options of `agent`, and what in the file depends on them. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is Flume that reads them.
import { describe, expect, it } from 'vitest';
import { agentArguments } from '../../src/cli/agent/agent-arguments.js';
import { AGENT_OPTIONS, REFUSED } from '../../src/cli/agent/agent-flags.js';
import { checkAgent, resolveAgent } from '../../src/cli/agent/resolve-agent.js';
import { LogwinError, systemError } from '../../src/core/errors.js';
import { agent, ENVIRONMENT, faults, notes, resolve } from './agent-file.js';

const CONF = agent({});

describe('the arguments', () => {
  it('may have one dash before a long name', () => {
    expect(agentArguments(['-name', 'a1', '-conf-file', 'x', '-c', 'conf', '-Dk=v'])).toEqual([
      '--name',
      'a1',
      '--conf-file',
      'x',
      '-c',
      'conf',
      '-Dk=v',
    ]);
  });

  it('are all known to the help, or refused', () => {
    const flags = AGENT_OPTIONS.flatMap(({ options }) =>
      options.map(({ flags }) => flags.split(/[ ,]/)[0]),
    );
    expect(flags).toEqual([...new Set(flags)]);
    expect(flags).toEqual(
      expect.arrayContaining(['-n', '-f', '-u', '-c', '-i', '-D', '-X', '-z', '--check']),
    );
  });

  it.each(REFUSED.map(({ flag, option, remedy }) => [option.flags, flag, remedy] as const))(
    '%s is refused with what to do',
    (flags, flag, remedy) => {
      const found = faults(CONF, { [flag]: flag === 'X' ? ['mx512m'] : 'x' });
      const name =
        flag === 'X' ? '-Xmx512m' : flags.split(' ').find((word) => word.startsWith('--'));
      expect(found).toEqual([`${name} is not supported; ${remedy}`]);
    },
  );

  it('need a file and a name', () => {
    const read = () => new Uint8Array();
    const missing = () => resolveAgent({}, read, ENVIRONMENT);
    expect(missing).toThrow(LogwinError);
    expect(checkAgent({}, read, ENVIRONMENT).text).toMatch(
      /no configuration is given.*\n.*no agent is named/,
    );
  });

  it('name a file that can be read', () => {
    expect(faults(CONF, { confFile: ['y.conf'] })).toEqual([
      "y.conf cannot be read (ENOENT: no such file, open 'y.conf'); name a file that can",
    ]);
  });

  it('do not hide what is wrong with us', () => {
    const read = () => {
      throw new TypeError('ours');
    };
    expect(() => resolveAgent({ name: 'a1', confFile: ['x'] }, read, ENVIRONMENT)).toThrow(
      TypeError,
    );
  });

  it.each([
    ['file:///x.conf', []],
    ['x.conf', []],
    [
      'http://h/x.conf',
      [
        '--conf-uri http://h/x.conf: the scheme http is not supported; fetch it first, and name the file with --conf-file',
      ],
    ],
    ['file://host/x', [expect.stringContaining('write file:///path')]],
  ])('may have the file as the URI %s', (uri, expected) => {
    const flags = { confUri: [uri], confFile: [] };
    expect(faults(CONF, flags, { '/x.conf': CONF })).toEqual(expected);
  });
});

describe('what is taken and not used', () => {
  it('is said', () => {
    const flags = { conf: 'conf', pollInterval: '5', D: ['a.b=1'] };
    const files = { 'conf/flume-env.sh': '', 'conf/log4j.properties': '' };
    expect(notes(CONF, flags, files)).toEqual([
      'Nothing in the file asks for this property, so it is not used. (option: -Da.b)',
      'The configuration is read once; what changes in it later needs a restart.',
      'So this is not used. (option: --poll-interval 5)',
      'Nothing of this directory is used: there is no Java here, nor log4j. (option: --conf conf, files: flume-env.sh, log4j.properties)',
    ]);
  });

  it.each([
    'flume.monitoring.type=http',
    'javax.net.ssl.keyStore=x',
    'flume.log.file=x',
    'propertiesImplementation=x',
  ])('is refused where it asks for much: -D%s', (property) => {
    expect(faults(CONF, { D: [property] })).toEqual([
      expect.stringContaining(`-D${property.split('=')[0]} is not supported; `),
    ]);
  });
});

describe('the log', () => {
  it.each([
    [{}, 'info'],
    [{ D: ['flume.root.logger=DEBUG,console'] }, 'debug'],
    [{ D: ['flume.root.logger=WARN'] }, 'warn'],
    [{ D: ['flume.root.logger=ALL,console'] }, 'trace'],
    [{ D: ['flume.root.logger=off'] }, 'silent'],
    [{ logLevel: 'error' }, 'error'],
  ])('with %j says %s', (flags, level) => {
    expect(resolve(CONF, flags).log).toEqual({ level, file: undefined });
  });

  it.each([
    [{ D: ['flume.root.logger=INFO,LOGFILE'] }, "there is no appender 'LOGFILE'; write console"],
    [{ D: ['flume.root.logger=LOUD,console'] }, "the level 'LOUD' is not known"],
    [{ D: ['flume.root.logger=INFO,console'], logLevel: 'info' }, 'leave one of them out'],
    [{ logLevel: 'loud' }, '--log-level loud is not known'],
  ])('with %j is at fault', (flags, expected) => {
    expect(faults(CONF, flags)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('${…}', () => {
  const directory = (value: string, flags = {}, more: string[] = []) => {
    const conf = agent({ source: ['type = spooldir', `spoolDir = ${value}`], more });
    const { source } = resolve(conf, flags).config.sources[0];
    return source.kind === 'spool' ? source.directory : undefined;
  };

  it.each([
    ['${env:HOME}/in', '/home/u/in'],
    ['${sys:user.home}', '/home/u'],
    ['${sys:dir}', '/given'],
    ['${base}/${a1.sources.r1.type}', '/b/spooldir'],
    ['${twice}', '/b/b'],
    ['${env:${env:INNER}}', '44444'],
    ['${env:NONE:-other}', 'other'],
    ['${none:-${base}}', '/b'],
    ['$${base}', '${base}'],
    ['${NC_PORT}', '${NC_PORT}'],
    ['a${b', 'a${b'],
    ['${date:yyyy-MM-dd}T${date:HHmmss}', '2026-11-02T130405'],
    ["${date:yy'd'D h a S}", '26d306 1 PM 6'],
  ])('%s is %s', (value, expected) => {
    const more = ['base = /b', 'twice = ${base}${base}'];
    expect(directory(value, { D: ['dir=/given'] }, more)).toBe(expected);
  });

  it('that nothing is known of is said', () => {
    const said = notes(agent({ sink: ['type = file_roll', 'sink.directory = ${NONE}'] }));
    expect(said).toContainEqual(
      'x.conf:10: a1.sinks.k1.sink.directory = ${NONE}: Nothing is known by this name, so it stands as it is. (name: NONE, remedy: write ${env:NONE} for a variable)',
    );
  });

  it.each([
    ['${loop}', 'refers to itself'],
    ['${wide}', 'refers to itself, or to far too much'],
    ['${date:EEE}', "date letter 'EEE'"],
    ['${java:version}', 'asks for Java'],
  ])('%s is at fault', (value, expected) => {
    const wide = Array.from({ length: 40 }, (_, at) => `w${at} = \${w${at + 1}}\${w${at + 1}}`);
    // What they come to is short, so only the number of them can tell.
    const more = ['loop = ${loop2}', 'loop2 = ${loop}', 'wide = ${w0}', ...wide, 'w40 ='];
    const found = faults(agent({ source: ['type = spooldir', `spoolDir = ${value}`], more }));
    expect(found).toContainEqual(expect.stringMatching(`x\\.conf:5: .*${expected}`));
  });
});

describe('--check', () => {
  const read = (text: string) => (path: string) => {
    if (path === 'x.conf') return Buffer.from(text);
    throw systemError('ENOENT', 'none');
  };
  const check = (text: string) =>
    checkAgent({ name: 'a1', confFile: ['x.conf'] }, read(text), ENVIRONMENT);

  it('says all that is found, and whether the agent can be run', () => {
    expect(check(CONF)).toEqual({
      text: 'note: The configuration is read once; what changes in it later needs a restart.\nThe agent can be run; directories, certificates and ports are looked at when it is.\n',
      code: 0,
    });
    const { text, code } = check(agent({ sink: ['type = hdfs'], channel: ['capcity = 1'] }));
    expect(code).toBe(2);
    expect(text.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'fault:',
      'fault:',
      'note:',
      'The',
      '',
    ]);
  });

  it('shows what strangers wrote without its control characters', () => {
    const { text } = check(`${CONF}\na1.sinks.k1.\\u001b[31mx = v\\u0007`);
    expect(text).toContain('\\x1b[31mx');
    expect(text).toMatch(/^fault: .*\\x1b\[31mx is not known/);
    expect(text).not.toContain('\u001b');
  });
});
