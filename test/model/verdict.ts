/** What must hold when everything was read. */
import { readdirSync } from 'node:fs';
import type { Drop, Model, ModelSettings } from './model.js';
import { READ_WITHIN, type System } from './system.js';

/** Where the program keeps what is its own. */
const HOME = '.logwin';
/** A name that is taken gets a number. */
const NUMBERS = String.raw`(\.\d+)*`;

/** Everything is read and retired; a second run, and a third, find nothing more. */
export async function conclude(model: Model, system: System): Promise<void> {
  const { settle } = model.settings;
  system.daemon.killAfter(Number.POSITIVE_INFINITY);
  system.daemon.fill(false);
  await system.ensureRun();
  await system.passLong(READ_WITHIN + 2 * settle);
  checkAll(model, system);
  await system.stop();
  await system.ensureRun();
  await system.passLong(READ_WITHIN + 2 * settle);
  checkAll(model, system);
  await system.stop();
  system.check();
}

function checkAll(model: Model, system: System): void {
  const wrong = [model.ledger.differences(system.daemon.latest), ...namesWrong(model, system)];
  for (const problem of wrong) system.note(problem);
  system.check();
}

function namesWrong(model: Model, system: System): string[] {
  const { dropper, spool } = system;
  const drops = model.drops.filter(({ place }) => place !== 'lost');
  const wrong = drops.map((drop) => nameWrong(drop, model, system));
  const known = drops.flatMap(({ number }) => dropper.namesOf(number));
  const strange = readdirSync(spool).filter((name) => name !== HOME && !known.includes(name));
  return [...wrong, ...strange.map((name) => `nobody dropped ${name}`)];
}

function nameWrong(drop: Drop, { settings }: Model, { dropper, moved }: System): string {
  const { number } = drop;
  const elsewhere = dropper.namesOf(number, moved).map((name) => `moved/${name}`);
  const found = [...dropper.namesOf(number), ...elsewhere].join(' and ') || 'nowhere';
  const pattern = new RegExp(`^(${patternOf(drop, settings.after)})$`);
  return pattern.test(found) ? '' : `drop ${number} is ${found}, and not ${pattern.source}`;
}

/** What becomes of a file. */
function patternOf({ name, kind, place }: Drop, after: ModelSettings['after']): string {
  if (kind === 'cut' && after !== 'keep') return `${name}${NUMBERS}\\.FAILED`;
  switch (after) {
    case 'rename':
      return `${name}${NUMBERS}\\.COMPLETED`;
    case 'move':
      return `moved/${name}${NUMBERS}`;
    case 'delete':
      // A run was killed that had begun to: what was appended since is nobody's to delete.
      return place === 'away' ? 'nowhere|\\.logwin-[-\\d]+' : 'nowhere';
    case 'keep':
      return name;
  }
}
