/** What went wrong with a connection, in words that say what to do about it. */
import { messageOf, systemCode } from '../../core/errors.js';

const EXPLANATIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name could not be looked up just now',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'it did not answer in time',
  ECONNRESET: 'it broke off the connection',
  EPIPE: 'it broke off the connection',
  Z_DATA_ERROR: 'what it sends is not compressed; both ends have to agree on compression',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the clocks',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; both ends have to agree on that',
  ERR_SSL_HTTP_REQUEST: 'this looks like HTTP, not like TLS',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE:
    'it showed no certificate, which is asked for because authorities (ca) are given',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'it does not trust the authority of our certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'it does not accept our certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'it does not accept our certificate',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'it asks for a certificate of ours; give one with its key (cert and key, or pfx)',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'there is no version of TLS that both ends take',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'there is no version of TLS that both ends take',
  ERR_SSL_NO_SHARED_CIPHER: 'there is no cipher that both ends take',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    'it refused what was offered: perhaps it asks for a certificate of ours',
};

/** The certificate leads to no authority that is trusted. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** `error` is what a socket, TLS or zlib gave. Names no peer. */
export function explain(error: unknown): string {
  const code = systemCode(error) ?? altName(error);
  if (code === undefined) return messageOf(error);
  if (UNTRUSTED.has(code)) {
    return `its certificate is of no authority that is trusted here; give that authority (ca) (${code})`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `its certificate is for another name: ${reasonOf(error)}`;
  }
  const explanation = EXPLANATIONS[code];
  return explanation === undefined ? `${messageOf(error)} (${code})` : `${explanation} (${code})`;
}

function altName(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error && 'reason' in error ? error.reason : undefined;
  return typeof reason === 'string' ? reason : messageOf(error);
}
