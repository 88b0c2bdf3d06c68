/** The direction of imports, and what is imported at all. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/surroundings.js';

interface Import {
  /** Relative to the root: `src/cli/run.ts`. */
  readonly from: string;
  /** A path of the same form where it is our own, else the name of a package or a built-in module. */
  readonly to: string;
}

/**
 * In the form that the formatter leaves; `import(…)` and `require(…)` anywhere, the others where a
 * statement begins.
 */
const IMPORT =
  /(?:^(?:import|export) (?:.* from )?|^} from |\b(?:import|require)\()['"]([^'"]+)['"]/gm;

const inSource = importsBelow('src');
const inTests = importsBelow('test');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const runtime = Object.keys(manifest.dependencies);
const development = Object.keys(manifest.devDependencies);

/** What a folder may import beside itself: other folders, and files of `src/` itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  wire: ['core'],
  traffic: ['core'],
  source: ['core', 'wire'],
  channel: ['core', 'wire'],
  parser: ['core', 'wire'],
  window: ['core', 'wire'],
  sink: ['core', 'wire'],
  journal: ['core', 'wire'],
  run: ['core'],
  cli: ['core', 'traffic', 'pipeline.ts'],
  'pipeline.ts': ['core', 'source', 'channel', 'parser', 'window', 'sink', 'journal', 'run'],
  'index.ts': ['core', 'pipeline.ts'],
};

describe('our own files', () => {
  it('are found at all', () => {
    expect(inSource.length).toBeGreaterThan(200);
    expect(inSource).toContainEqual({ from: 'src/index.ts', to: 'src/pipeline.ts' });
    expect(inSource).toContainEqual({ from: 'src/cli/log.ts', to: 'src/cli/pretty.ts' });
  });

  it('lie in folders that the table above knows', () => {
    const unknown = readdirSync(join(ROOT, 'src')).filter((name) => !(name in ALLOWED));
    expect(unknown).toEqual([]);
  });

  it('import in one direction', () => {
    const wrong = inSource.filter(({ from, to }) => to.startsWith('src/') && !isAllowed(from, to));
    expect(wrong).toEqual([]);
  });

  it('import files that are there', () => {
    const files = new Set(filesBelow('src'));
    expect(inSource.filter(({ to }) => to.startsWith('src/') && !files.has(to))).toEqual([]);
  });

  it('are never imported by way of the barrel', () => {
    expect(inSource.filter(({ to }) => to === 'src/index.ts')).toEqual([]);
  });
});

describe('packages', () => {
  const foreign = inSource.filter(({ to }) => !to.startsWith('src/') && !isBuiltIn(to));

  it('are each imported by one file', () => {
    const several = runtime.filter(
      (name) => new Set(foreign.filter(({ to }) => to === name).map(({ from }) => from)).size !== 1,
    );
    expect(several).toEqual([]);
  });

  it('are exactly the dependencies', () => {
    expect([...new Set(foreign.map(({ to }) => to))].sort()).toEqual(runtime.toSorted());
  });

  it('are built in under their full name only', () => {
    const short = inSource.filter(({ to }) => builtinModules.includes(to));
    expect(short).toEqual([]);
  });

  it.each(development)('%s is used', (name) => {
    expect(isUsed(name)).toBe(true);
  });
});

describe('CONTRIBUTING.md', () => {
  const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8').split('## Dependencies')[1];
  const rows = [...text.matchAll(/^\| `([^`]+)` \| (?:`([^`]+)` \| )?(.+) \|$/gm)];

  it('names the file that imports each package', () => {
    const named = rows.filter(([, , file]) => file).map(([, to, from]) => ({ from, to }));
    const foreign = inSource.filter(({ to }) => runtime.includes(to));
    expect(new Set(named)).toEqual(new Set(foreign));
  });

  it('says why each dependency is there, and no other', () => {
    expect(rows.map(([, name]) => name).sort()).toEqual([...runtime, ...development].sort());
  });
});

function isAllowed(from: string, to: string): boolean {
  const place = placeOf(from);
  const target = placeOf(to);
  return place === target || (ALLOWED[place] ?? []).includes(target);
}

/** `cli` of `src/cli/run.ts`, `pipeline.ts` of `src/pipeline.ts`. */
function placeOf(path: string): string {
  return path.split('/')[1];
}

function isBuiltIn(name: string): boolean {
  return name.startsWith('node:') || builtinModules.includes(name);
}

/** By a script, by a test, or as the types of something else that is. */
function isUsed(name: string): boolean {
  const commands: Readonly<Record<string, string>> = {
    typescript: 'tsc',
    '@biomejs/biome': 'biome',
    assemblyscript: 'asc',
  };
  const command = commands[name] ?? name;
  const scripts: string[] = Object.values(manifest.scripts);
  if (scripts.some((script) => script.split(' ').includes(command))) return true;
  if (inTests.some(({ to }) => to === name)) return true;
  const typed = /^@types\/(.*)$/.exec(name)?.[1];
  return typed === 'node' || (typed !== undefined && runtime.includes(typed));
}

function importsBelow(folder: string): Import[] {
  return filesBelow(folder).flatMap((from) => {
    const text = readFileSync(join(ROOT, from), 'utf8');
    const specifiers = new Set(Array.from(text.matchAll(IMPORT), ([, specifier]) => specifier));
    return [...specifiers].map((specifier) => ({ from, to: targetOf(from, specifier) }));
  });
}

function targetOf(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) {
    if (specifier.startsWith('node:')) return specifier;
    // `name/part`, or `@scope/name/part`.
    return specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
  }
  // AssemblyScript names files without their extension.
  return relative(ROOT, join(ROOT, from, '..', specifier)).replace(/(\.js)?$/, '.ts');
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${folder}/${path}`);
}
