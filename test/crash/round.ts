/**
 * A round: files are dropped while the program is killed and started again; then it may run until
 * all is counted, and every line must have been counted once.
 */
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { wrongCounts, wrongFiles, wrongState } from './aftermath.js';
import { Daemon, type Exit } from './daemon.js';
import { Dropper } from './dropper.js';
import { untilMoment } from './moments.js';
import { RoundPlace } from './round-place.js';
import type { Kill, RoundPlan } from './round-plan.js';

/** Milliseconds without anything new after which a round is given up. */
const PATIENCE = 60_000;
const PERIOD = 15;

export class Round {
  readonly plan: RoundPlan;
  readonly place: RoundPlace;
  readonly runs: Daemon[] = [];
  readonly #dropper: Dropper;

  constructor(plan: RoundPlan) {
    this.plan = plan;
    this.place = new RoundPlace(plan.seed, plan.options);
    this.#dropper = new Dropper(plan, this.place);
  }

  /** Whether a file may have been seen cut, so that a failure says nothing about the program. */
  get isVoid(): boolean {
    return this.#dropper.hasStalled;
  }

  /** Throws what is wrong. */
  async run(): Promise<void> {
    try {
      for (const [phase, kill] of this.plan.kills.entries()) await this.#killedRun(phase, kill);
      await this.#lastRun();
      if (this.plan.encore.anotherRun) await this.#anotherRun();
      demand([...wrongFiles(this.plan, this.place), ...wrongState(this.place)]);
    } finally {
      this.#dropper.stop();
      for (const run of this.runs) run.kill('SIGKILL');
    }
  }

  remove(): Promise<void> {
    return rm(this.place.base, { recursive: true, force: true, maxRetries: 12 });
  }

  async #killedRun(phase: number, kill: Kill): Promise<void> {
    const run = this.#start();
    this.#dropper.begin(phase);
    await untilMoment(kill, run, this.place, this.plan.options);
    if (kill.afterAsking !== undefined) {
      run.kill('SIGTERM');
      await Promise.race([run.exited, pause(kill.afterAsking)]);
    }
    run.kill('SIGKILL');
    const exit = await run.exited;
    // A signal that comes before anybody listens ends a process as well.
    const asked = kill.afterAsking !== undefined && (exit.code === 0 || exit.signal === 'SIGTERM');
    if (exit.signal !== 'SIGKILL' && !asked) throw ended(exit);
  }

  async #lastRun(): Promise<void> {
    const run = this.#start();
    this.#dropper.begin(this.plan.kills.length);
    await this.#untilAllIsCounted(run);
    await this.#isRivalRefused(run);
    // Nothing may come a second time.
    await pause(this.plan.options.settle);
    await this.#moreSnapshots(run, 2);
    await this.#end(run);
  }

  async #anotherRun(): Promise<void> {
    const run = this.#start();
    await this.#moreSnapshots(run, 2);
    await this.#end(run);
  }

  #start(): Daemon {
    const run = new Daemon(this.place.args);
    this.runs.push(run);
    return run;
  }

  async #end(run: Daemon): Promise<void> {
    run.kill('SIGTERM');
    const exit = await run.exited;
    if (exit.code !== 0) throw ended(exit);
    demand(wrongCounts(run.printed.newest, this.plan.expected));
  }

  async #untilAllIsCounted(run: Daemon): Promise<void> {
    const { lines } = this.plan.expected;
    await this.#until(run, () => {
      if (this.#dropper.failure !== undefined) throw this.#dropper.failure;
      if (run.printed.accounted > lines)
        throw new Error(`${run.printed.accounted} lines came, not ${lines}`);
      const unretired = this.#unretired();
      const isOver = this.#dropper.isDone && run.printed.accounted === lines && unretired === 0;
      return isOver || `${run.printed.accounted} of ${lines} lines, ${unretired} files not retired`;
    }).catch((error: unknown) => {
      throw new Error([error, ...wrongCounts(run.printed.newest, this.plan.expected)].join('\n'));
    });
  }

  #unretired(): number {
    if (this.plan.options.after === 'keep') return 0;
    return this.plan.drops.filter((drop) => this.place.holds(drop)).length;
  }

  #moreSnapshots(run: Daemon, count: number): Promise<void> {
    const enough = run.printed.snapshots + count;
    return this.#until(
      run,
      () => run.printed.snapshots >= enough || `${run.printed.snapshots} snapshots`,
    );
  }

  async #isRivalRefused(run: Daemon): Promise<void> {
    const { rival } = this.plan.encore;
    if (rival === 'none') return;
    const args = ['watch', this.place.spools[this.place.spools.length - 1], '--after', 'keep'];
    const other = new Daemon([...args, ...(rival === 'stateless' ? ['--no-state'] : [])]);
    this.runs.push(other);
    await Promise.race([other.exited, pause(PATIENCE)]);
    if (other.exit?.code !== 3 || !other.log.includes(`${run.pid}`))
      throw new Error(`A second watch was not refused: ${JSON.stringify(other.exit)} ${other.log}`);
  }

  /** `look` gives true, or what it has seen so far; if that stays the same for too long, it throws. */
  async #until(run: Daemon, look: () => true | string): Promise<void> {
    let seen = '';
    let deadline = 0;
    for (;;) {
      const now = look();
      if (now === true) return;
      if (run.exit !== undefined) throw ended(run.exit);
      if (now !== seen) deadline = performance.now() + PATIENCE;
      else if (performance.now() > deadline) throw new Error(`Nothing goes on: ${now}`);
      seen = now;
      await pause(PERIOD);
    }
  }
}

function ended({ code, signal }: Exit): Error {
  return new Error(`The program ended with ${code ?? signal}`);
}

function demand(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}
