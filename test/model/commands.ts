/** What people do to the directory, and what happens to the program and to time. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Drop, Ending, Kind, Model, Text } from './model.js';
import { READ_WITHIN, type System } from './system.js';

type Command = fc.AsyncCommand<Model, System>;
type Act<T> = (given: T, model: Model, system: System) => void | Promise<void>;

/** What is appended to a retired file is looked for so long, in milliseconds. */
const GRACE = 60_000;
const DAY = 86_400_000;
/** In one case. */
const MOST = 25;

/** Of the event loop, until the next thing happens. */
const turns = fc.oneof(fc.nat(8), fc.nat(60));
const choice = fc.nat(100);
const name = fc.constantFrom('a', 'b', 'c');
const lines = fc.oneof({ weight: 5, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.nat(600) });
const ending = fc.constantFrom<Ending>('whole', 'whole', 'whole', 'middle', 'without line end');
const text: fc.Arbitrary<Text> = fc.record({ lines, ending });
const part = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
const loss = fc.record({ names: fc.nat(6), bytes: part, zeros: fc.boolean() });

const drop = command(
  'drop',
  { name, text, kind: fc.constantFrom<Kind>('plain', 'plain', 'gzip', 'cut'), part },
  ({ name, text, kind, part }, model, system) => {
    const { clock, dropper } = system;
    const drop = model.begin(name, kind, clock.monotonic());
    const bytes = pack(kind, model.append(drop, text, clock.monotonic()), part);
    lose(model, system, dropper.drop(drop.number, name, bytes));
  },
);

/** A slow copy, or a log that a server writes. */
const create = command('create', { name }, ({ name }, model, system) => {
  const { clock, dropper } = system;
  const drop = model.begin(name, 'plain', clock.monotonic());
  lose(model, system, dropper.drop(drop.number, name, Buffer.alloc(0)));
});

const append = command('append', { choice, text }, ({ choice, text }, model, system) => {
  const drop = system.found(model.pick(choice));
  if (drop) system.dropper.append(drop.number, model.append(drop, text, system.clock.monotonic()));
});

const truncate = command('truncate', { choice, lines: fc.nat(5) }, (given, model, system) => {
  truncateTo(model, system.found(model.pick(given.choice)), given.lines, system);
});

/** As `cp` does it: the file is emptied, and stays the same file. */
const overwrite = command('overwrite', { choice, text, turns }, async (given, model, system) => {
  const drop = system.found(model.pick(given.choice));
  if (!truncateTo(model, drop, 0, system)) return;
  await system.turn(given.turns);
  const now = system.clock.monotonic();
  system.dropper.append(drop.number, model.append(drop, given.text, now));
});

const remove = command('remove', { choice }, ({ choice }, model, system) => {
  const drop = system.found(model.pick(choice));
  if (drop && system.dropper.remove(drop.number)) model.lose(drop);
});

const rename = command('rename', { choice, to: name }, ({ choice, to }, model, system) => {
  const { dropper } = system;
  const drop = model.pick(choice);
  if (drop === undefined || drop.name === to) return;
  // One that has its retired name as well, since a run was killed, is not for people to rename.
  if (dropper.namesOf(drop.number).join() !== drop.name) return;
  lose(model, system, dropper.rename(drop.name, to));
  drop.name = to;
});

const tick = command(
  'tick',
  { time: fc.constantFrom(10, 100, 250, 500, 1000, 3000) },
  (given, _, system) => system.tick(given.time),
);

const pass = command(
  'pass',
  { time: fc.constantFrom(250, 500, 1000, 3000) },
  async (given, _, system) => {
    await system.ensureRun();
    await system.pass(given.time);
  },
);

const wait = command('wait', {}, async (_, model, system) => {
  await system.readAll(model);
});

/** Until nobody looks for additions any more. */
const pause = command('pause', {}, async (_, model, system) => {
  if (!(await system.readAll(model, model.settings.settle))) return;
  closeFinished(model, system);
  await system.passLong(GRACE + 2 * READ_WITHIN);
});

/** The program is away meanwhile. */
const absence = command(
  'absence',
  { isTold: fc.boolean(), time: fc.constantFrom(GRACE, DAY) },
  async ({ isTold, time }, model, system) => {
    if (!(await system.readAll(model))) return;
    if (isTold) await system.stop();
    system.daemon.life?.kill();
    closeFinished(model, system);
    await system.passLong(time);
  },
);

const kill = command(
  'kill',
  { changes: fc.oneof(fc.nat(6), fc.nat(25)), loss: fc.option(loss, { nil: undefined }) },
  ({ changes, loss }, _, { daemon }) => daemon.killAfter(changes, loss),
);

/** No more of the journal can be written, or again. */
const fill = command('fill', { isFull: fc.boolean() }, ({ isFull }, _, { daemon }) =>
  daemon.fill(isFull),
);

const stop = command('stop', {}, (_, __, system) => system.stop());

const start = command('start', {}, (_, __, system) => system.ensureRun());

/** Some of these, so that cases differ more; those that stand here more than once come more often. */
const some = fc.subarray([
  ...[drop, drop, create, create, append, append, append, truncate, overwrite, remove, rename],
  ...[tick, tick, pass, pass, wait, pause, absence, kill, kill, fill, stop, start],
]);

/** What happens in one case. */
export const happenings = some.chain((chosen) =>
  fc.commands([drop, drop, pass, kill, ...chosen], { maxCommands: MOST, size: 'max' }),
);

/** `act` with what was drawn; then the program gets some turns, and must not have done wrong. */
function command<T extends object>(
  what: string,
  given: { [K in keyof T]: fc.Arbitrary<T[K]> },
  act: Act<T>,
): fc.Arbitrary<Command> {
  return fc.tuple(fc.record(given), turns).map(([drawn, turns]) => ({
    check: () => true,
    run: async (model, system) => {
      await act(drawn as T, model, system);
      await system.turn(turns);
      system.check();
    },
    toString: () => `${what} ${JSON.stringify({ ...drawn, turns })}`,
  }));
}

/** Says whether it was done. */
function truncateTo(
  model: Model,
  drop: Drop | undefined,
  lines: number,
  { dropper, clock }: System,
): drop is Drop {
  if (drop?.place !== 'spool' || drop.urls.length === 0) return false;
  const size = model.truncate(drop, Math.min(lines, drop.urls.length - 1), clock.monotonic());
  dropper.truncate(drop.number, size);
  return true;
}

/** Somebody took its name from a drop. It may have another one, and then it was finished. */
function lose(model: Model, { dropper }: System, number: number | undefined): void {
  const drop = number === undefined ? undefined : model.drops[number];
  if (drop?.place === 'spool' && dropper.namesOf(drop.number).length === 0) model.lose(drop);
}

/** What comes to finished files from now on nobody need see. */
function closeFinished(model: Model, { dropper }: System): void {
  for (const drop of model.drops) {
    const { number, name, isClosed } = drop;
    if (isClosed || dropper.namesOf(number).includes(name)) continue;
    model.close(drop);
    dropper.close(number);
  }
}

function pack(kind: Kind, plain: string, part: number): Buffer {
  if (kind === 'plain') return Buffer.from(plain);
  const packed = gzipSync(plain, { level: part < 0.5 ? 0 : 6 });
  // It is known by two bytes, and at least one is missing.
  return kind === 'gzip' ? packed : packed.subarray(0, 2 + Math.floor((packed.length - 3) * part));
}
