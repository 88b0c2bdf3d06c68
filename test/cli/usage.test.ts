import { describe, expect, it } from 'vitest';
import { runToEnd } from '../support/run.js';

describe('wrong usage', () => {
  it.concurrent.each([
    [[], 'no command is given'],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['forward', 'a', '--to', 'b'], 'is no place that events can be sent to'],
    [['watch', 'a', '--where', 'status=200'], "unknown option '--where'"],
    [['count', '--time', 'event'], "unknown option '--time'"],
    [['count', '--threads', '0'], '--threads 0 is not a whole number'],
    [['watch'], "missing required argument 'source'"],
    [['watch', '-', '-'], 'standard input is named more than once'],
    [['watch', 'kafka://a:1'], "no source of the scheme 'kafka' is known"],
    [['watch', '.', '--top', '-1'], '--top -1 is not a whole number'],
    [['watch', '.', '--window', '1', '--slide', '0.001'], 'panes'],
    [['count', '--by', 'colour'], '--by colour is not known'],
    [['demo', '--settle', 'x'], '--settle x is not a duration'],
    [['count', '--log-file', '/nonexistent/log'], '--log-file /nonexistent/log cannot be opened'],
  ])('%j exits with 2, one line and no data', async (args, message) => {
    const { code, stdout, stderr } = await runToEnd(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^logwin: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  it.concurrent('is told without unsafe characters', async () => {
    const { stderr } = await runToEnd(['count', '--by', 'a\x1b[31m\u202e']);
    expect(stderr).toContain('--by a\\x1b[31m\\xe2\\x80\\xae is not known');
  });
});
