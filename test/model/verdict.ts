/** What must hold when everything was read. */
import { readdirSync } from 'node:fs';
import type { Drop, Model } from './model.js';
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

/** What becomes of a file. */
function nameWrong({ number, names, kind }: Drop, { settings }: Model, system: System): string {
  const { dropper, moved } = system;
  const elsewhere = dropper.namesOf(number, moved).map((other) => `moved/${other}`);
  const found = [...dropper.namesOf(number), ...elsewhere];
  // A run that gave it a second name was killed before it took the first, and then that was changed.
  const stem = `(${names.join('|')})`;
  const expected = {
    rename: `${stem}${NUMBERS}\\.COMPLETED`,
    move: `moved/${stem}${NUMBERS}`,
    delete: 'nowhere',
    keep: names.at(-1),
  };
  const isSetAside = kind === 'cut' && settings.after !== 'keep';
  const pattern = isSetAside ? `${stem}${NUMBERS}\\.FAILED` : expected[settings.after];
  const isRight = (name: string): boolean => new RegExp(`^${pattern}$`).test(name);
  const all = found.length === 0 ? ['nowhere'] : found;
  if (all.every(isRight) && all.length <= names.length) return '';
  return `drop ${number} is ${all.join(' and ')}, and not ${pattern}`;
}
