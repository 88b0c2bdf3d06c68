/** The files of certificates and keys, read and looked at before any connection is. */
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { TlsFiles } from '../../core/endpoint.js';
import { LogwinError, messageOf, systemCode } from '../../core/errors.js';

/**
 * What Node's TLS is to be given. Throws a `LogwinError` (`source-unusable`) where a file cannot be
 * read, or is not what it should be.
 */
export function readTlsFiles(files: TlsFiles): SecureContextOptions {
  const options: SecureContextOptions = {
    ...part('cert', files.cert),
    ...part('key', files.key),
    ...part('pfx', files.pfx),
    ...part('ca', files.ca),
    ...passphraseOf(files),
    ...(files.leastVersion === undefined ? {} : { minVersion: files.leastVersion }),
    ...(files.mostVersion === undefined ? {} : { maxVersion: files.mostVersion }),
    // OpenSSL has nothing left to use with these versions at its usual level.
    ...(isOld(files.leastVersion) ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    throw unusable(files, error);
  }
  return options;
}

/** Who listens has to show a certificate. */
export function readServerTlsFiles(files: TlsFiles): SecureContextOptions {
  if (files.pfx === undefined && (files.cert === undefined || files.key === undefined)) {
    throw new LogwinError(
      'source-unusable',
      'TLS is asked for without a certificate to show',
      'give a certificate and its key (PEM), or both in one PKCS#12 file',
    );
  }
  return readTlsFiles(files);
}

function part(name: 'cert' | 'key' | 'pfx' | 'ca', path: string | undefined): object {
  return path === undefined ? {} : { [name]: read(path) };
}

function passphraseOf({ passphrase, passphraseFile }: TlsFiles): SecureContextOptions {
  if (passphraseFile === undefined) return passphrase === undefined ? {} : { passphrase };
  return { passphrase: read(passphraseFile).toString().split(/\r?\n/, 1)[0] };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new LogwinError(
      'source-unusable',
      `the TLS file ${path} cannot be read (${code})`,
      'check its name and its permissions',
    );
  }
}

function isOld(version: string | undefined): boolean {
  return version === 'TLSv1' || version === 'TLSv1.1';
}

function unusable(files: TlsFiles, error: unknown): LogwinError {
  const { cert, key, pfx, ca } = files;
  const names = [cert, key, pfx, ca].filter((name) => name !== undefined);
  return new LogwinError(
    'source-unusable',
    `TLS cannot be set up with ${names.join(', ') || 'these settings'} (${messageOf(error)})`,
    remedyOf(error),
  );
}

function remedyOf(error: unknown): string {
  const message = messageOf(error);
  if (/mac verify|bad decrypt|passphrase|password/i.test(message)) return 'check the passphrase';
  if (/values mismatch/i.test(message)) return 'the key has to be that of the certificate';
  return 'certificates and keys have to be PEM, or PKCS#12 where that is what is given';
}
