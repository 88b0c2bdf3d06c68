/** What the documents promise, where a cheap test can hold it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/program.js';
import { REJECTIONS } from '../../src/core/answer.js';
import { FIELDS, OUTPUT_FORMATS } from '../../src/core/config.js';
import { LogwinError } from '../../src/core/errors.js';
import { runToEnd } from '../support/run.js';
import { ROOT } from '../support/surroundings.js';

const readme = read('README.md');

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

interface OptionLine {
  readonly flags: string;
  /** As it stands there, without code marks; empty where none is named. */
  readonly default: string;
}

/** The options as the help of a command lists them, but for `--help`. */
function optionsOfHelp(command: string): OptionLine[] {
  // So wide that nothing is folded.
  const invocation = parseArguments([command, '--help'], 1000);
  const text = invocation.command === 'help' ? invocation.text : '';
  const lines = [...text.matchAll(/^ {2}(-.*?) {2,}(.*)$/gm)];
  return lines
    .map(([, flags, about]) => ({ flags, default: /\(default: (.*)\)$/.exec(about)?.[1] ?? '' }))
    .filter(({ flags }) => !flags.includes('--help'));
}

/** The cells of the rows of the table whose header begins with `header`. */
function tableOf(text: string, header: string): string[][] {
  const lines = text.split('\n');
  const begin = lines.findIndex((line) => line.startsWith(`| ${header} |`));
  if (begin < 0) throw new Error(`There is no table '${header}'.`);
  const rest = lines.slice(begin + 2);
  return rest
    .slice(
      0,
      rest.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) => line.replace(/^\|\s*|\s*\|$/g, '').split(/\s*\|\s*/));
}

const plain = (cell: string): string => cell.replaceAll('`', '');

describe('the options', () => {
  const rows = tableOf(readme, 'option of `watch`');
  const toOption = ([flags, standard]: string[]): OptionLine => ({
    flags: plain(flags),
    default: plain(standard),
  });

  it('of watch are those of its help, with the same defaults', () => {
    expect(rows.map(toOption)).toHaveLength(optionsOfHelp('watch').length);
    expect(new Set(rows.map(toOption))).toEqual(new Set(optionsOfHelp('watch')));
  });

  it('of count are the rows marked for it', () => {
    const marked = rows.filter((row) => row[3] === 'yes').map(toOption);
    expect(new Set(marked)).toEqual(new Set(optionsOfHelp('count')));
  });

  it('of forward are the rows marked for it, and those of its own table', () => {
    const marked = rows.filter((row) => row[4] === 'yes').map(toOption);
    const own = tableOf(readme, 'option of `forward`').map(toOption);
    expect(own).toHaveLength(8);
    expect(new Set([...marked, ...own])).toEqual(new Set(optionsOfHelp('forward')));
  });

  it('of agent are those of its own table', () => {
    const own = tableOf(readme, 'option of `agent`').map(toOption);
    expect(own).toHaveLength(12);
    expect(new Set(own)).toEqual(new Set(optionsOfHelp('agent')));
  });

  it('of demo are those of watch, but for the defaults that are named', () => {
    const sentence =
      /`logwin demo` takes the options of `watch`; only [^.]*/.exec(readme)?.[0] ?? '';
    const named = [...sentence.matchAll(/`(--\S+)` is\s+`(\S+)`/g)];
    const expected = rows.map(toOption).map((row) => {
      const other = named.find(([, option]) => row.flags.startsWith(`${option} `));
      return other === undefined ? row : { ...row, default: other[2] };
    });
    expect(named).toHaveLength(2);
    expect(new Set(expected)).toEqual(new Set(optionsOfHelp('demo')));
  });

  it.each(documents())('that %s names exist', (document) => {
    // What other programs are given: npm, and the scripts of bench.
    const ofGenerator = ['--urls', '--skew', '--odd', '--seed', '--quotes', '--even'];
    const ofBench = ['--list', '--only', '--quick', '--runs', '--keep', '--json'];
    const foreign = [...ofGenerator, ...ofBench];
    const commands = ['watch', 'forward', 'agent'];
    const program = commands
      .flatMap(optionsOfHelp)
      .flatMap(({ flags }) => flags.match(/--[\w-]+/g) ?? []);
    const known = new Set([...program, '--help', '--version', ...foreign]);
    const named = read(document).match(/(?<![\w-])--[a-z][\w-]*/g) ?? [];
    expect(named.filter((option) => !known.has(option))).toEqual([]);
  });

  it('take the words that the README lists', () => {
    expect(readme).toContain(`\`${FIELDS.join(' ')}\``);
    const formats = OUTPUT_FORMATS.map((format) => `\`${format}\``).join(', ');
    expect(rows.find(([flags]) => flags.includes('--output'))?.[2]).toBe(formats);
  });
});

describe('the commands', () => {
  it.each(['npm ci && npm run demo', 'npm ci && npm test'])('%s stands alone', (command) => {
    expect(readme).toContain(`\n\`\`\`sh\n${command}\n\`\`\`\n`);
  });

  it('run scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const run = [readme, read('CONTRIBUTING.md')].join('\n').matchAll(/npm run ([a-z:]+)/g);
    expect([...run].map(([, name]) => name).filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('the exit codes', () => {
  const codes = tableOf(readme, 'exit code').map(([code]) => Number(plain(code)));

  it('are all there', async () => {
    // The program gives 70 only for a bug, so its source has to do.
    const bug = Number(/const BUG = (\d+);/.exec(read('src/cli/main.ts'))?.[1]);
    const usage = new LogwinError('usage', '').exitCode;
    const unusable = new LogwinError('source-unusable', '').exitCode;
    expect(codes).toEqual([0, 1, usage, unusable, bug]);
  });

  it.each([
    [0, ['count', 'README.md']],
    [1, ['count', 'no-such-file']],
    [2, ['count', '--no-such-option']],
    [3, ['watch', 'no-such-directory']],
  ])('%i is what it says', async (code, args) => {
    expect((await runToEnd(args, { cwd: ROOT })).code).toBe(code);
  });
});

describe('the reasons for rejecting a line', () => {
  it('are exactly those of the program', () => {
    const reasons = tableOf(readme, 'reason').map(([reason]) => plain(reason));
    expect(reasons).toEqual(REJECTIONS);
  });
});

describe('the examples of output', () => {
  const example = (start: string): string => {
    const block = readme.split('```').find((text) => text.replace(/^\w*\n/, '').startsWith(start));
    if (block === undefined) throw new Error(`There is no example '${start}'.`);
    return block.replace(/^\w*\n/, '');
  };

  it('ndjson has the members that the program gives, in their order', async () => {
    const line = 'h - - [t] "GET / HTTP/1.1" 200 5 "-" "-"\n';
    const { stdout } = await runToEnd(['count', '-o', 'ndjson'], { input: line });
    const shape = (text: string): unknown => {
      const { top, ...snapshot } = JSON.parse(text);
      return [Object.keys(snapshot), Object.keys(top[0])];
    };
    expect(shape(example('{"version"'))).toEqual(shape(stdout));
  });

  it('csv has the header that the program gives', async () => {
    const { stdout } = await runToEnd(['count', '-o', 'csv'], { input: '' });
    expect(example('time,').split('\n')[0]).toBe(stdout.trimEnd());
  });
});

describe.each(documents())('%s', (document) => {
  const text = read(document);

  it('has links that lead somewhere', () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
    const broken = targets.filter((target) => {
      if (/^https?:/.test(target)) return false;
      const [path, anchor] = target.split('#');
      const file = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && !anchorsOf(read(file)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names files that exist', () => {
    const named = [...text.matchAll(/`((?:src|test|bench|docs|bin|\.ci)\/[\w./-]*)`/g)];
    expect(named.map(([, path]) => path).filter((path) => !existsSync(join(ROOT, path)))).toEqual(
      [],
    );
  });

  it('names no source file that is gone', () => {
    const named = [...text.matchAll(/`([\w-]+\.ts)`/g)].map(([, name]) => name);
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
    const known = new Set(sources.map((path) => path.split('/').at(-1)));
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it("names no path of anybody's machine", () => {
    expect(text.match(/(?<![\w.])\/(?:home|root|work|tmp|Users|mnt|opt|srv)\/\S*/g)).toBeNull();
  });
});

function documents(): string[] {
  return [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'docs/architecture.md',
    'docs/flume.md',
    'docs/network.md',
    'docs/operations.md',
    'docs/performance.md',
    'bench/README.md',
  ];
}

/** As GitHub makes them of the headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}
