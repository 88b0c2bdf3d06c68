/** What a run measures, in the order of the report. */
import { beside } from './scenarios/beside.js';
import { forwardBesideFlume, receiveBesideFlume } from './scenarios/beside-flume.js';
import { distinctUrls } from './scenarios/distinct-urls.js';
import { growth } from './scenarios/growth.js';
import { journal } from './scenarios/journal.js';
import { keysComeAndGo } from './scenarios/keys-come-and-go.js';
import { memory } from './scenarios/memory.js';
import { oddQuotes } from './scenarios/odd-quotes.js';
import { slide } from './scenarios/slide.js';
import { startUp } from './scenarios/start-up.js';
import { watchLarge } from './scenarios/watch-large.js';

/** @type {readonly import('./scenario.js').Scenario[]} */
export const SCENARIOS = [
  ...beside,
  oddQuotes,
  distinctUrls,
  watchLarge,
  journal,
  forwardBesideFlume,
  receiveBesideFlume,
  slide,
  memory,
  startUp,
  growth,
  keysComeAndGo,
];
