/** Compression and TLS of avro sources and sinks. */
import type { Layers, TlsFiles } from '../../core/endpoint.js';
import type { Judging } from './judging.js';
import { HONOURED, type KeyTable, noted, refused } from './keys.js';
import type { Settings } from './settings.js';
import { tlsVersions } from './tls-protocols.js';
import { keyStore, trustStore } from './tls-stores.js';

const CIPHERS = refused(
  'is not supported',
  'the safe ones of Node are used; take the line out, and choose with include-protocols',
);

/** What both ends have. */
export const LAYER_KEYS: KeyTable = {
  'compression-type': HONOURED,
  ssl: HONOURED,
  'include-protocols': HONOURED,
  'exclude-protocols': HONOURED,
  'include-cipher-suites': CIPHERS,
  'exclude-cipher-suites': CIPHERS,
};

const BY_CONTENT = noted('What a store is its content says, whatever its type is called.');

export const SERVER_LAYER_KEYS: KeyTable = {
  ...LAYER_KEYS,
  keystore: HONOURED,
  'keystore-password': HONOURED,
  'keystore-type': BY_CONTENT,
};

export const CLIENT_LAYER_KEYS: KeyTable = {
  ...LAYER_KEYS,
  'compression-level': HONOURED,
  'trust-all-certs': HONOURED,
  truststore: HONOURED,
  'truststore-password': noted('Certificates are PEM here, and have no password.'),
  'truststore-type': BY_CONTENT,
};

/** Of who listens. */
export function serverLayers(settings: Settings, judging: Judging): Layers {
  return layers(settings, () => serverTls(settings, judging), ['keystore', 'keystore-password']);
}

/** Of who connects. */
export function clientLayers(settings: Settings, judging: Judging): Layers {
  return layers(settings, () => clientTls(settings, judging), ['truststore', 'trust-all-certs']);
}

function layers(settings: Settings, tls: () => TlsFiles, ofTls: readonly string[]): Layers {
  const { findings } = settings;
  const ssl = settings.flag('ssl');
  const compression = settings.choice('compression-type', ['none', 'deflate'], 'none');
  const level = settings.whole('compression-level', { standard: 6, least: 0, most: 9 });
  const entry = settings.entry('ssl');
  if (ssl && compression === 'deflate' && entry !== undefined) {
    findings.noteOf(
      entry,
      'TLS goes inside the compressed stream, as from Flume 1.10 on; an older Flume at the other end does not understand it.',
    );
  }
  for (const key of ofTls) {
    const unused = settings.entry(key);
    if (!ssl && unused !== undefined)
      findings.noteOf(unused, 'It is not used, since ssl is not true.');
  }
  return { compression, level, tls: ssl ? tls() : undefined, tlsInside: true };
}

function serverTls(settings: Settings, judging: Judging): TlsFiles {
  const remedy = "name a PKCS#12 file with the server's key, and its password";
  settings.required('keystore', remedy);
  const passphrase = settings.required('keystore-password', 'give the password of the key store');
  const entry = settings.entry('keystore');
  const pfx = entry && keyStore(entry, judging);
  return { ...(pfx === undefined ? {} : { pfx, passphrase }), ...tlsVersions(settings) };
}

function clientTls(settings: Settings, judging: Judging): TlsFiles {
  const trustAll = settings.flag('trust-all-certs');
  const entry = settings.entry('truststore');
  const ca = entry && trustStore(entry, judging);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(trustAll ? { trustAll } : {}),
    ...tlsVersions(settings),
  };
}
