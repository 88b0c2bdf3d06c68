/** An authority, and certificates that it signed, in the forms of both worlds. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of files. */
export interface Certificates {
  /** PEM. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** JKS, with `PASSWORD`. */
  readonly trustStore: string;
  readonly keyStore: string;
}

export const PASSWORD = 'changeit';

/** Of 127.0.0.1 and localhost, for two days. */
export function makeCertificates(directory: string): Certificates {
  const at = (name: string): string => join(directory, name);
  const [ca, caKey, cert, key] = ['ca.pem', 'ca-key.pem', 'cert.pem', 'key.pem'].map(at);
  const [request, packed] = ['request.pem', 'packed.p12'].map(at);
  const [trustStore, keyStore] = ['trust.jks', 'key.jks'].map(at);
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  const days = ['-days', '2'];
  writeFileSync(at('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');

  const authority = ['-x509', ...newKey, '-subj', '/CN=authority', ...days];
  call('openssl', 'req', ...authority, '-keyout', caKey, '-out', ca);
  call('openssl', 'req', ...newKey, '-subj', '/CN=localhost', '-keyout', key, '-out', request);
  const signer = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-extfile', at('names'), ...days];
  call('openssl', 'x509', '-req', '-in', request, ...signer, '-out', cert);
  const password = ['-passout', `pass:${PASSWORD}`];
  call('openssl', 'pkcs12', '-export', '-in', cert, '-inkey', key, ...password, '-out', packed);

  const trust = ['-alias', 'authority', '-file', ca, '-keystore', trustStore];
  call('keytool', '-importcert', '-noprompt', ...trust, ...STORE);
  const from = ['-srckeystore', packed, '-srcstoretype', 'PKCS12', '-srcstorepass', PASSWORD];
  const to = ['-destkeystore', keyStore, '-deststoretype', 'JKS', '-deststorepass', PASSWORD];
  call('keytool', '-importkeystore', '-noprompt', ...from, ...to);
  return { ca, cert, key, trustStore, keyStore };
}

const STORE = ['-storetype', 'JKS', '-storepass', PASSWORD];

function call(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}
