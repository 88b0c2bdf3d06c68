/** What a report has to say of where it was made. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { OTHERS, PEERS, versionOf } from './peers.js';

/** @returns {Record<string, string>} */
export function describeMachine() {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  return {
    date: new Date().toISOString(),
    commit: commit(),
    processor: cpus()[0]?.model ?? 'unknown',
    processors: String(availableParallelism()),
    memory: `${(totalmem() / 1e9).toFixed(0)} GB`,
    system: `${platform()} ${release()}`,
    locale: LC_ALL || LC_CTYPE || LANG || 'C',
    'load at the start': loadavg()
      .map((load) => load.toFixed(2))
      .join(' '),
    node: process.version,
  };
}

/** @returns {Record<string, string>} */
export function describePeers() {
  const peers = [...Object.values(PEERS), ...OTHERS];
  return Object.fromEntries(peers.map((peer) => [peer.name, versionOf(peer) ?? 'not installed']));
}

function commit() {
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', 'HEAD') + (changed ? ', with changes' : '');
  } catch {
    return 'unknown';
  }
}

/** @param {...string} args */
function git(...args) {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
