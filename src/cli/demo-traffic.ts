import { Random } from '../traffic/random.js';
import { createTraffic, type Traffic } from '../traffic/traffic.js';

/** The demonstration looks the same every time. */
const SEED = 2;

/** The busiest second has this many lines on average, the quietest a third of it. */
const BUSIEST = 900;
/** From one busy second to the next, in drops. */
const CYCLE = 40;
/** How many drops a burst lasts. */
const BURST = 8;
/** How many URLs may have a burst. */
const BURSTING = 30;

/** Steep and upside down: nearly all of it goes to the last URL. */
const BURST_SKEW = -40;

/**
 * A site's usual traffic, which rises and falls, and on top of it a burst of requests for one URL,
 * then for another: otherwise the ranks would hardly move.
 */
export class DemoTraffic {
  readonly #random = new Random(SEED);
  readonly #usual = createTraffic({ seed: SEED, urls: 400, skew: 1, odd: 0.01 });
  #burst: Traffic | undefined;
  #drops = 0;

  /** The lines of one second, logged at `time` (milliseconds since the epoch). */
  next(time: number): Buffer {
    if (this.#drops % BURST === 0) this.#burst = this.#newBurst();
    const tide = (2 + Math.sin((2 * Math.PI * this.#drops) / CYCLE)) / 3;
    const usual = Math.round(BUSIEST * tide * (0.8 + 0.4 * this.#random.next()));
    this.#drops += 1;
    const burst = this.#burst?.lines(50 + this.#random.below(usual), time);
    return Buffer.concat([this.#usual.lines(usual, time), burst ?? Buffer.alloc(0)]);
  }

  /** The same seed gives the same site, of which this one sees only the beginning. */
  #newBurst(): Traffic {
    const urls = 1 + this.#random.below(BURSTING);
    return createTraffic({ seed: SEED, urls, skew: BURST_SKEW, odd: 0 });
  }
}
