/**
 * A process that takes and releases the lock of a directory when it is told to (`take`, `release`),
 * and answers each with a message. Arguments: the directory, then any of
 * `nobody`       takes it as a user that may do nothing;
 * `nameless`     with a command name that is hard to read for who parses /proc;
 * `linkless`     as on a file system without hard links;
 * `mortal`       is killed where it would put its lock in the place of a dead one's;
 * `restless=FILE` takes and releases by itself, again and again, and says so in FILE.
 */
import { appendFileSync, promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { DirectoryLock } from '../../dist/journal/lock/directory-lock.js';

const [directory, ...traits] = process.argv.slice(2);
const NOBODY = 65_534;

if (traits.includes('nameless')) process.title = 'a) Z 1 (b c) d';
if (traits.includes('nobody')) process.setuid?.(NOBODY);
if (traits.includes('linkless')) {
  promises.link = async () => {
    throw Object.assign(new Error('no links here'), { code: 'EPERM' });
  };
}
if (traits.includes('mortal')) {
  promises.rename = async () => {
    process.kill(process.pid, 'SIGKILL');
  };
}
syncBuiltinESMExports();

/** @type {DirectoryLock | undefined} */
let lock;

/** Tries at the given moment, so that all who were told try at once. */
async function take(moment = 0) {
  while (Date.now() < moment);
  lock = await DirectoryLock.take(directory);
  return lock.path;
}

async function release() {
  await lock?.release();
  return 'released';
}

process.on('message', async ([command, moment]) => {
  try {
    process.send?.(await (command === 'take' ? take(moment) : release()));
  } catch (error) {
    process.send?.(`${error}`);
  }
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

/** @param {string} file */
async function neverRest(file) {
  for (;;) {
    try {
      await take();
      appendFileSync(file, `has ${process.pid}\n`);
      await pause(Math.random() * 5);
      appendFileSync(file, `gives ${process.pid}\n`);
      await release();
    } catch (error) {
      if (!`${error}`.includes('another logwin')) appendFileSync(file, `${error}\n`);
      await pause(Math.random() * 5);
    }
  }
}

const report = traits.find((trait) => trait.startsWith('restless='));
if (report !== undefined) await neverRest(report.slice('restless='.length));
