import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/program.js';

const parse = (...args: string[]) => parseArguments(args, 80);

function helpText(...args: string[]): string {
  const invocation = parse(...args);
  if (invocation.command !== 'help') throw new Error(`no help, but ${invocation.command}`);
  return invocation.text;
}

describe('parseArguments', () => {
  it('says nothing of flags that were not given', () => {
    expect(parse('watch', 'a', '-')).toEqual({ command: 'watch', sources: ['a', '-'], flags: {} });
    expect(parse('count')).toEqual({ command: 'count', files: [], flags: {} });
    expect(parse('demo')).toEqual({ command: 'demo', flags: {} });
  });

  it('keeps what was given as text', () => {
    expect(
      parse('watch', 'a', '-w', '5m', '--slide=2', '-n5', '-b', 'url,host', '-o', 'csv', '--once'),
    ).toMatchObject({
      flags: { window: '5m', slide: '2', top: '5', by: 'url,host', output: 'csv', once: true },
    });
  });

  it('collects what may be given more than once', () => {
    expect(parse('watch', 'a', '--include', 'x', '--ignore', 'z', '--include', 'y')).toMatchObject({
      flags: { include: ['x', 'y'], ignore: ['z'] },
    });
  });

  it('takes every option of watch for demo', () => {
    const options = /^ +(?:-\w, )?(--[\w-]+)/gm;
    const named = (text: string) => [...text.matchAll(options)].map((match) => match[1]);
    expect(named(helpText('demo', '--help'))).toEqual(named(helpText('watch', '--help')));
  });

  it.each([
    [[], /no command is given; see 'logwin --help'/],
    [['wach'], /unknown command 'wach' \(Did you mean watch\?\)/],
    [['help', 'nothing'], /no such command/],
    [['watch'], /missing required argument 'source'; see 'logwin watch --help'/],
    [['watch', 'a', '--windw', '3'], /unknown option '--windw' \(Did you mean --window\?\)/],
    [['watch', 'a', '--where', 'x'], /unknown option '--where'/],
    [['watch', 'a', '--version'], /unknown option '--version'/],
    [['watch', 'a', '--top'], /'-n, --top <n>' argument missing/],
    [['count', '--window', '3'], /unknown option '--window'; see 'logwin count --help'/],
    [['demo', 'a'], /too many arguments .* got 1; see 'logwin demo --help'/],
  ])('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) }),
    );
  });

  it.each(['watch', 'count', 'forward', 'agent', 'demo'])(
    'helps with %s in 80 columns, with examples',
    (command) => {
      const text = helpText(command, '--help');
      expect(text).toMatch(new RegExp(`^Usage: logwin ${command} `));
      expect(text).toMatch(new RegExp(`^Examples:\\n  .*logwin ${command}`, 'm'));
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    },
  );

  it('names the default that holds for the command', () => {
    expect(helpText('watch', '--help')).toContain('(default: rename)');
    expect(helpText('demo', '--help')).toContain('(default: delete)');
  });

  it('lists the commands and the version', () => {
    expect(helpText('--help')).toMatch(/--version.*watch .*count .*demo /s);
  });
});
