/** What strangers send that is no plain request; some of it matches the format, some does not. */
import type { Random } from './random.js';

/** The rest of an odd line, after the time and up to the agent. All characters are single bytes. */
export function oddRequest(random: Random): string {
  switch (random.below(6)) {
    case 0:
      return '"GET /search?q=\\"two words\\" HTTP/1.1" 400 226 "-"';
    case 1:
      return '"" 400 0 "-"';
    case 2:
      return '"-" 408 - "-"';
    case 3:
      return '"\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc\\x03\\x03" 400 226 "-"';
    case 4:
      return `"GET /${junk(random)} HTTP/1.0" 404 196 "-"`;
    default:
      return `"GET /index.php?s=/Index/${junk(random)}`;
  }
}

/** Bytes that are neither white space nor, taken together, UTF-8. */
function junk(random: Random): string {
  let text = '\xff';
  for (let left = 4 + random.below(12); left > 0; left -= 1) {
    text += String.fromCharCode(0x80 + random.below(0x80));
  }
  return text;
}
