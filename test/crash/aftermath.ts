/** What must hold when a round is over. Each function gives what is wrong, in words. */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { countsOf, lastSnapshot } from '../support/read-back.js';
import type { Drop } from './drops.js';
import type { Expected } from './expected.js';
import { digestOf, type Found, filesBelow, type RoundPlace } from './round-place.js';
import type { RoundPlan } from './round-plan.js';

const SHOWN = 20;
/** The only file of `.logwin` that is no part of the journal. */
const LOCK = 'lock';
const SEGMENT = /^journal\.\d+$/;

/** `snapshot` as it was printed. */
export function wrongCounts(snapshot: string, { counts, total, rejected }: Expected): string[] {
  const shown = lastSnapshot(`${snapshot}\n`);
  if (shown === undefined) return ['there is no snapshot'];
  const wrong: string[] = [];
  if (shown.total !== total) wrong.push(`the total is ${shown.total}, not ${total}`);
  if (shown.rejected !== rejected) wrong.push(`${shown.rejected} are rejected, not ${rejected}`);
  if (shown.distinct !== counts.size)
    wrong.push(`${shown.distinct} are distinct, not ${counts.size}`);
  const rows = countsOf(shown);
  for (const url of new Set([...counts.keys(), ...rows.keys()])) {
    const [is, ought] = [rows.get(url) ?? 0, counts.get(url) ?? 0];
    if (is !== ought) wrong.push(`${JSON.stringify(url)} counts ${is}, not ${ought}`);
  }
  return wrong.length > SHOWN ? [...wrong.slice(0, SHOWN), `… ${wrong.length} in all`] : wrong;
}

/** Every drop is there as it was dropped, under a name that `--after` gives it, and nothing else. */
export function wrongFiles({ options, drops }: RoundPlan, place: RoundPlace): string[] {
  const found = place.spools.flatMap((spool) => visibleFiles(spool, place));
  if (options.after === 'rename') return mismatches(found, drops, /^(\.\d+)?\.COMPLETED$/);
  if (options.after === 'keep') return mismatches(found, drops, /^$/);
  const left = mismatches(found, [], /^$/);
  if (options.after === 'delete') return left;
  return [...left, ...mismatches(filesBelow(place.done), drops, /^(\.\d+)?$/)];
}

/** After a gentle end there is no lock, and nothing beside the journal in its directory. */
export function wrongState(place: RoundPlace): string[] {
  const hidden = place.spools.map((spool) => join(spool, '.logwin'));
  const held = [...hidden, place.state].filter((path) => existsSync(join(path, LOCK)));
  const others = hidden.filter((path) => path !== place.state && existsSync(path));
  return [
    ...[...new Set(held)].map((path) => `${relative(place.base, path)} has a lock`),
    ...namesBelow(place.state)
      .filter((name) => name !== LOCK && !SEGMENT.test(name))
      .map((name) => `${name} is beside the journal`),
    ...others.flatMap(namesBelow).map((name) => `${name} is where there is no journal`),
  ];
}

function visibleFiles(spool: string, place: RoundPlace): Found[] {
  return filesBelow(spool, [join(spool, '.logwin'), place.done]);
}

function namesBelow(directory: string): string[] {
  return existsSync(directory) ? filesBelow(directory).map(({ path }) => path) : [];
}

/** `ending` is what may follow the name of a drop. */
function mismatches(found: readonly Found[], drops: readonly Drop[], ending: RegExp): string[] {
  const missing = new Map(drops.map((drop) => [drop, digestOf(drop.bytes)]));
  const surplus = found.filter(({ path, digest }) => {
    const match = [...missing].find(
      ([{ name }, of]) =>
        of === digest && path.startsWith(name) && ending.test(path.slice(name.length)),
    );
    return match === undefined || !missing.delete(match[0]);
  });
  return [
    ...surplus.map(({ path }) => `${JSON.stringify(path)} was not dropped like that`),
    ...[...missing.keys()].map(({ name }) => `${JSON.stringify(name)} is not there in the end`),
  ];
}
