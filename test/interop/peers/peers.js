/**
 * The programs that logwin is held against. Each directory here is one: a `pom.xml` that names what it is
 * made of, and what we add to it in Java. They are fetched and compiled once, into a cache outside the
 * sources, and again when either changes.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @typedef {'flume-1.11' | 'flume-1.9-sparksink' | 'spark-2.4'} PeerName */

/** @type {readonly PeerName[]} */
export const PEERS = ['flume-1.11', 'flume-1.9-sparksink', 'spark-2.4'];

const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/logwin-interop');
const FETCH_TIMEOUT = 300_000;
const COMPILE_TIMEOUT = 60_000;

/**
 * The class path of a peer, which is fetched where it is not there. Throws with what Maven or the
 * compiler said where that fails.
 * @param {PeerName} name
 */
export function classPathOf(name) {
  const source = join(import.meta.dirname, name);
  const pom = join(source, 'pom.xml');
  const ours = namesIn(source, '.java').map((file) => join(source, file));
  const jars = once(`${name}-${fingerprint(pom)}`, (directory) => fetch(pom, directory));
  const all = join(jars, '*');
  const classes = once(`${name}-${fingerprint(pom, ...ours)}-classes`, (directory) =>
    compile(ours, all, directory),
  );
  return [source, classes, all].join(delimiter);
}

/** They cannot be had from here, now: there is no way to where they are kept. */
export class UnreachableError extends Error {}

/** @param {string} pom @param {string} directory */
function fetch(pom, directory) {
  const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime'];
  try {
    run('mvn', ['-B', '-q', '-f', pom, ...copy, `-DoutputDirectory=${directory}`], FETCH_TIMEOUT);
  } catch (error) {
    throw new UnreachableError(error instanceof Error ? error.message : String(error));
  }
}

/** @param {readonly string[]} sources @param {string} classPath @param {string} directory */
function compile(sources, classPath, directory) {
  const options = ['--release', '8', '-Xlint:-options', '-cp', classPath, '-d', directory];
  run('javac', [...options, ...sources], COMPILE_TIMEOUT);
}

/**
 * A directory of the cache, made where it is not there. Another process may make it at the same time:
 * whoever is second throws its own away.
 * @param {string} name
 * @param {(directory: string) => void} make
 */
function once(name, make) {
  const directory = join(CACHE, name);
  if (existsSync(directory)) return directory;
  const part = `${directory}.part-${process.pid}`;
  mkdirSync(part, { recursive: true });
  try {
    make(part);
    renameSync(part, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return directory;
}

/** @param {...string} files */
function fingerprint(...files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

/** @param {string} directory @param {string} end */
function namesIn(directory, end) {
  return readdirSync(directory)
    .filter((name) => name.endsWith(end))
    .sort();
}

/** @param {string} command @param {readonly string[]} args @param {number} timeout */
function run(command, args, timeout) {
  const { error, status, signal, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status === 0) return;
  const end = error ? String(error) : `It ended with ${signal ?? status}.`;
  throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}${end}`);
}
