/** Lines with quotes where none belong: those that still match the format, and those that do not. */

/** @typedef {{ start: string, request: string, answer: string, referer: string, agent: string }} Parts */

const LINE = /^(.*?\] )"(.*)" ([0-9]+ \S+) "(.*)" "(.*)"$/;

/** @type {((line: Parts) => string)[]} */
const WAYS = [
  (line) => join({ ...line, agent: `\\"quoted\\" ${line.agent}` }),
  (line) => join({ ...line, agent: `a" 200 5 "b${line.agent}` }),
  (line) => join({ ...line, referer: 'https://search.example.org/?q="two words"' }),
  (line) => join({ ...line, request: line.request.replace(' /', ' /"q"=') }),
  (line) => join({ ...line, request: line.request.replace(' /', ` /${'"'.repeat(40)}`) }),
  (line) => join(line).slice(0, -1),
  (line) => join(line).replace(' "', ' '),
  (line) => `${line.start}"${line.request}" ${line.answer} ${line.referer} "${line.agent}"`,
];

/**
 * @param {string} text lines, each with its line end
 * @param {number} share how many of them are changed, from 0 to 1
 * @param {import('../dist/traffic/random.js').Random} random
 */
export function withOddQuotes(text, share, random) {
  return text.replace(/.+/g, (line) => {
    if (random.next() >= share) return line;
    const parts = LINE.exec(line);
    if (!parts) return line;
    const [, start, request, answer, referer, agent] = parts;
    return random.pick(WAYS)({ start, request, answer, referer, agent });
  });
}

/** @param {Parts} line */
function join({ start, request, answer, referer, agent }) {
  return `${start}"${request}" ${answer} "${referer}" "${agent}"`;
}
