/** What `--header` asks for. */
import { LogwinError } from '../../core/errors.js';
import type { HeaderRule } from '../../core/forward-config.js';

/** The names that have a meaning; anything else is `name=value`. */
const KNOWN = ['file', 'basename', 'timestamp', 'host'] as const;

/** An event that has one of these headers already gets ours. Throws `LogwinError('usage')`. */
export function headerRules(texts: readonly string[], hostname: string): HeaderRule[] {
  const rules = texts.map((text) => headerRule(text, hostname));
  const names = rules.map(({ header }) => header);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return rules;
  throw new LogwinError('usage', `--header gives '${twice}' twice`, 'give it once');
}

function headerRule(text: string, hostname: string): HeaderRule {
  const known = KNOWN.find((name) => name === text);
  switch (known) {
    case 'file':
      return { kind: 'file', header: 'file', form: 'absolute' };
    case 'basename':
      return { kind: 'file', header: 'basename', form: 'basename' };
    case 'timestamp':
      return { kind: 'timestamp', header: 'timestamp', preserve: false };
    case 'host':
      return { kind: 'constant', header: 'host', value: hostname, preserve: false };
    case undefined:
      return constantRule(text);
  }
}

function constantRule(text: string): HeaderRule {
  const equals = text.indexOf('=');
  if (equals > 0) {
    const header = text.slice(0, equals);
    return { kind: 'constant', header, value: text.slice(equals + 1), preserve: false };
  }
  const remedy = `choose one of ${KNOWN.join(', ')}, or write NAME=VALUE`;
  throw new LogwinError('usage', `--header '${text}' is not known`, remedy);
}
