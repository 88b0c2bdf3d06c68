import { log } from '../logs.js';
import { itself } from './itself.js';

const LINES = 2_000_000;

export const oddQuotes = itself({
  name: 'odd-quotes',
  goal: 'odd-quotes',
  what: 'odd quotes in 10 % of the lines, beside none',
  logs: ({ size }) => [
    log(size(LINES), { odd: 0, quotes: 0.1 }),
    log(size(LINES), { odd: 0, quotes: 0 }),
  ],
});
