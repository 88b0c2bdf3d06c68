import { log } from '../logs.js';
import { itself } from './itself.js';

const LINES = 2_000_000;
const MANY = 1_000_000;
const FEW = 5000;

export const distinctUrls = itself({
  name: 'distinct-urls',
  goal: 'distinct-urls',
  what: '1,000,000 URLs beside 5,000, each as often as the others',
  logs: ({ size }) => [
    log(size(LINES), { odd: 0, even: true, urls: size(MANY) }),
    log(size(LINES), { odd: 0, even: true, urls: FEW }),
  ],
});
