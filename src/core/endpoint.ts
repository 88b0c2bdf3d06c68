/** What is at the other end of a connection, or listens for one: where, and through which layers. */

/** What stands in a URL's or an agent file's TLS settings: paths of files, read when it is opened. */
export interface TlsFiles {
  /** Our certificate and those between it and the authority, PEM. */
  readonly cert?: string;
  /** Its private key, PEM. */
  readonly key?: string;
  /** Both of them, PKCS#12. */
  readonly pfx?: string;
  /** Of the key or the PKCS#12 file. */
  readonly passphrase?: string;
  /** The same, as the first line of a file: a secret is not for a command line, which all can see. */
  readonly passphraseFile?: string;
  /**
   * The authorities that are trusted, PEM. Who listens asks each client for a certificate of theirs;
   * who connects trusts those of Node where this is left out.
   */
  readonly ca?: string;
  /** Who connects takes any certificate. */
  readonly trustAll?: boolean;
  readonly leastVersion?: TlsVersion;
  readonly mostVersion?: TlsVersion;
}

export const TLS_VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** Both ends have to agree on these: nothing of it is negotiated. */
export interface Layers {
  readonly compression: 'none' | 'deflate';
  /** 0 to 9. */
  readonly level: number;
  readonly tls: TlsFiles | undefined;
  /**
   * Where there are both: TLS records travel inside the compressed stream, as of Flume 1.10 on; else the
   * compressed stream inside of TLS, as before.
   */
  readonly tlsInside: boolean;
}

export const PLAIN: Layers = { compression: 'none', level: 6, tls: undefined, tlsInside: true };

export interface Endpoint {
  /** A name or an address, without brackets. */
  readonly host: string;
  /** Who listens at 0 gets a port of the system's choice. */
  readonly port: number;
  readonly layers: Layers;
}

/** As in messages: `127.0.0.1:9092`, `[::1]:9092`. */
export function placeOf({ host, port }: Pick<Endpoint, 'host' | 'port'>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
