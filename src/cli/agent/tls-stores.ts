/**
 * Java's key stores and trust stores. What a file is its first bytes say; what Java calls it is not
 * looked at. What cannot be read here is refused with the command that makes what can.
 */
import { messageOf, systemCode } from '../../core/errors.js';
import type { Entry } from './findings.js';
import type { Judging } from './judging.js';

type StoreForm = 'pkcs12' | 'jks' | 'pem' | 'unknown';

const JKS = 0xfeedfeed;
const JCEKS = 0xcececece;
/** DER's sequence, with which PKCS#12 begins. */
const SEQUENCE = 0x30;

/** A key store has to be PKCS#12. Undefined where it is not, which is a fault. */
export function keyStore(entry: Entry, { findings, read }: Judging): string | undefined {
  switch (formOf(entry, { findings, read })) {
    case 'pkcs12':
      return entry.value;
    case 'jks': {
      const remedy = `make a PKCS#12 of it: ${keytool(entry.value, 'keystore.p12')}`;
      findings.badValue(entry, 'is a JKS key store, which only Java reads', remedy);
      return undefined;
    }
    case 'pem': {
      const remedy = `make a PKCS#12 of it: openssl pkcs12 -export -in ${entry.value} -out keystore.p12`;
      findings.badValue(entry, 'is PEM, and a key store is wanted', remedy);
      return undefined;
    }
    case 'unknown':
      findings.badValue(entry, 'is no PKCS#12 file', 'name a key store of the type PKCS12');
      return undefined;
    case undefined:
      return undefined;
  }
}

/** A trust store has to be PEM. Undefined where it is not, which is a fault. */
export function trustStore(entry: Entry, { findings, read }: Judging): string | undefined {
  const form = formOf(entry, { findings, read });
  if (form === 'pem') return entry.value;
  if (form === undefined) return undefined;
  const pem = 'openssl pkcs12 -nokeys -in truststore.p12 -out truststore.pem';
  const remedy =
    form === 'pkcs12'
      ? `openssl pkcs12 -nokeys -in ${entry.value} -out truststore.pem`
      : `${keytool(entry.value, 'truststore.p12')}, and then: ${pem}`;
  findings.badValue(
    entry,
    'is no PEM file, as which certificates are read here',
    `make one: ${remedy}`,
  );
  return undefined;
}

function formOf(
  entry: Entry,
  { findings, read }: Pick<Judging, 'findings' | 'read'>,
): StoreForm | undefined {
  let bytes: Buffer;
  try {
    bytes = Buffer.from(read(entry.value));
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    findings.badValue(entry, `cannot be read (${messageOf(error)})`, 'name a file that can');
    return undefined;
  }
  if (bytes.includes('-----BEGIN ')) return 'pem';
  if (bytes[0] === SEQUENCE) return 'pkcs12';
  const magic = bytes.length < 4 ? 0 : bytes.readUInt32BE(0);
  return magic === JKS || magic === JCEKS ? 'jks' : 'unknown';
}

function keytool(from: string, to: string): string {
  return `keytool -importkeystore -srckeystore ${from} -destkeystore ${to} -deststoretype PKCS12`;
}
