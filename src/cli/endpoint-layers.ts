/**
 * What stands between a connection and its messages, as the parameters of a URL say it: compression and
 * TLS. Nothing of it is negotiated, so what is not said is off.
 */
import { type Layers, PLAIN, type TlsFiles } from '../core/endpoint.js';
import { LogwinError } from '../core/errors.js';
import { choice, wholeNumber } from './values.js';

/** Who listens is at the one address that is named; who connects may have several to choose from. */
export type EndpointRole = 'listen' | 'connect';

export type Parameters = ReadonlyMap<string, string>;

const FILES = ['cert', 'key', 'pfx', 'passphrase-file', 'ca'] as const;

/** The parameters that all endpoints have. */
export const LAYER_NAMES: readonly string[] = [
  'compression',
  'level',
  'tls',
  ...FILES,
  'trust',
  'tls-order',
];

/** Throws `LogwinError('usage')` for what is unknown or contradicts itself; messages begin with `at`. */
export function parseLayers(at: string, given: Parameters, role: EndpointRole): Layers {
  const compression = oneOf(at, given, 'compression', ['none', 'deflate']) ?? PLAIN.compression;
  const level = given.get('level');
  if (level !== undefined && compression === 'none') {
    throw refusalAt(at, 'has a level without compression', 'add compression=deflate');
  }
  const order = oneOf(at, given, 'tls-order', ['inside', 'outside']);
  const tls = parseTls(at, given, role);
  if (order !== undefined && (tls === undefined || compression === 'none')) {
    const remedy = 'give tls-order only where there are both tls and compression';
    throw refusalAt(at, 'has nothing to order', remedy);
  }
  return {
    compression,
    level: level === undefined ? PLAIN.level : wholeNumber(`${at}: level`, level, 0, 9),
    tls,
    tlsInside: order === undefined ? PLAIN.tlsInside : order === 'inside',
  };
}

/** A file or a trust that is named asks for TLS without more words. */
function parseTls(at: string, given: Parameters, role: EndpointRole): TlsFiles | undefined {
  const asked = oneOf(at, given, 'tls', ['on', 'off']);
  const trust = oneOf(at, given, 'trust', ['all']);
  const named = [...FILES, 'trust'].filter((name) => given.has(name));
  if (asked === 'off' && named.length > 0) {
    throw refusalAt(at, `has tls=off and ${named.join(', ')}`, 'leave one of them out');
  }
  if (asked !== 'on' && named.length === 0) return undefined;
  checkTls(at, given, role);
  return {
    ...fileOf(given, 'cert', (cert) => ({ cert })),
    ...fileOf(given, 'key', (key) => ({ key })),
    ...fileOf(given, 'pfx', (pfx) => ({ pfx })),
    ...fileOf(given, 'passphrase-file', (passphraseFile) => ({ passphraseFile })),
    ...fileOf(given, 'ca', (ca) => ({ ca })),
    ...(trust === undefined ? {} : { trustAll: true }),
  };
}

function fileOf(given: Parameters, name: string, as: (path: string) => TlsFiles): TlsFiles {
  const path = given.get(name);
  return path === undefined ? {} : as(path);
}

function checkTls(at: string, given: Parameters, role: EndpointRole): void {
  const has = (name: string): boolean => given.has(name);
  if (has('pfx') && (has('cert') || has('key'))) {
    throw refusalAt(at, 'has a certificate twice', 'give pfx, or cert and key');
  }
  if (has('cert') !== has('key')) {
    const [one, other] = has('cert') ? ['cert', 'key'] : ['key', 'cert'];
    throw refusalAt(at, `has ${one} without ${other}`, `add ${other}=FILE`);
  }
  if (has('passphrase-file') && !has('key') && !has('pfx')) {
    throw refusalAt(at, 'has a passphrase for no key', 'add key=FILE and cert=FILE, or pfx=FILE');
  }
  if (role === 'listen' && has('trust')) {
    const remedy = 'leave trust out: without ca, no certificate is asked for';
    throw refusalAt(at, 'listens, and has trust', remedy);
  }
  if (has('trust') && has('ca')) {
    throw refusalAt(at, 'trusts all, and has ca', 'leave one of them out');
  }
  if (role === 'listen' && !has('cert') && !has('pfx')) {
    const remedy = 'add cert=FILE and key=FILE, or pfx=FILE';
    throw refusalAt(at, 'listens with TLS and has no certificate', remedy);
  }
}

function oneOf<T extends string>(
  at: string,
  given: Parameters,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const text = given.get(name);
  return text === undefined ? undefined : choice(`${at}: ${name}`, text, allowed);
}

export function refusalAt(at: string, what: string, remedy: string): LogwinError {
  return new LogwinError('usage', `${at} ${what}`, remedy);
}
