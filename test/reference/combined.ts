/**
 * The combined format as docs/architecture.md defines it: the expression itself, over strings of one
 * character a byte (latin1). Slow on lines full of quotes, and right by definition.
 */
import type { Field } from '../../src/core/config.js';

const SPACE = String.raw`[ \t\n\r\f\v]`;
const WORD = String.raw`[^ \t\n\r\f\v]`;

const COMBINED = new RegExp(
  `^(?<host>${WORD}+)${SPACE}+${WORD}+${SPACE}+(?<user>${WORD}+)${SPACE}+` +
    `\\[(?<time>[^\\n]+)\\]${SPACE}+"(?<request>[^\\n]+)"${SPACE}+(?<status>[0-9]+)${SPACE}+` +
    `(?<size>${WORD}+)${SPACE}+"(?<referer>[^\\n]*)"${SPACE}+"(?<agent>[^\\n]*)"${SPACE}*$`,
);

export type ReferenceCaptures = Readonly<
  Record<'host' | 'user' | 'time' | 'request' | 'status' | 'size' | 'referer' | 'agent', string>
>;

/** The captures of a line without its line end, or undefined where it does not match. */
export function referenceCaptures(line: string): ReferenceCaptures | undefined {
  const groups = COMBINED.exec(line)?.groups;
  if (groups === undefined) return undefined;
  const { host, user, time, request, status, size, referer, agent } = groups;
  return { host, user, time, request, status, size, referer, agent };
}

/** A field of a line that matches, or undefined where its request has too few words for it. */
export function referenceField(captures: ReferenceCaptures, field: Field): string | undefined {
  const words = captures.request.split(/[ \t\n\r\f\v]+/).filter((word) => word !== '');
  const [method, url, protocol] = words;
  switch (field) {
    case 'method':
      return method;
    case 'url':
      return url;
    case 'protocol':
      return protocol;
    case 'path':
      return url?.split('?')[0];
    case 'query':
      return url?.split('?').slice(1).join('?');
    default:
      return captures[field];
  }
}
