/** Certificates for tests, made by openssl where there is one. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificates {
  /** An authority that signed those of `server` and `client`. */
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  /** The same as `server`, behind the word "secret". */
  readonly pfx: string;
  readonly client: { readonly cert: string; readonly key: string };
  /** Signed by itself. */
  readonly stranger: { readonly cert: string; readonly key: string };
  /** Of the authority, but for another name. */
  readonly misnamed: { readonly cert: string; readonly key: string };
  readonly expired: { readonly cert: string; readonly key: string };
}

export function makeCertificates(directory: string): Certificates {
  const path = (name: string): string => join(directory, name);
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
  };
  const NAMED = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const selfSigned = (name: string, more: readonly string[] = []): void =>
    openssl(
      ...['req', '-x509', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.pem`],
      ...['-subj', `/CN=${name}`, '-days', '2', ...more],
    );
  const signed = (name: string, extension: string, days = '2'): void => {
    writeFileSync(path(`${name}.ext`), extension);
    openssl(
      'req',
      ...newKey,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
    );
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key'],
      ...['-CAcreateserial', '-out', `${name}.pem`, '-days', days, '-extfile', `${name}.ext`],
    );
  };
  selfSigned('ca');
  selfSigned('stranger', ['-addext', NAMED]);
  signed('server', NAMED);
  signed('client', 'extendedKeyUsage=clientAuth');
  signed('misnamed', 'subjectAltName=DNS:elsewhere.example');
  signed('expired', NAMED, '-1');
  openssl(
    ...['pkcs12', '-export', '-in', 'server.pem', '-inkey', 'server.key'],
    ...['-out', 'server.p12', '-passout', 'pass:secret'],
  );
  const pair = (name: string) => ({ cert: path(`${name}.pem`), key: path(`${name}.key`) });
  return {
    ca: path('ca.pem'),
    server: pair('server'),
    pfx: path('server.p12'),
    client: pair('client'),
    stranger: pair('stranger'),
    misnamed: pair('misnamed'),
    expired: pair('expired'),
  };
}
