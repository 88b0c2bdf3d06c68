/** Which versions of TLS are spoken, from lists of those to include and to exclude. */
import { TLS_VERSIONS, type TlsFiles, type TlsVersion } from '../../core/endpoint.js';
import type { Settings } from './settings.js';

type Versions = Pick<TlsFiles, 'leastVersion' | 'mostVersion'>;

/** What Java speaks where nothing is said. */
const USUAL: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3'];

/** Nothing where that is the usual. A range with a hole is a fault. */
export function tlsVersions(settings: Settings): Versions {
  const included = settings.words('include-protocols');
  const excluded = settings.words('exclude-protocols');
  const entry = settings.entry('include-protocols') ?? settings.entry('exclude-protocols');
  if (entry === undefined) return {};
  const candidates = included.length > 0 ? included : USUAL;
  const allowed = TLS_VERSIONS.filter(
    (version) => candidates.includes(version) && !excluded.includes(version),
  );
  const [least] = allowed;
  const most = allowed.at(-1);
  const unknown = included.find((word) => !TLS_VERSIONS.some((version) => version === word));
  if (unknown !== undefined && !excluded.includes(unknown)) {
    settings.findings.badValue(
      entry,
      `names ${unknown}, which is not supported`,
      `use ${TLS_VERSIONS.join(', ')}`,
    );
  } else if (least === undefined || most === undefined) {
    settings.findings.badValue(entry, 'leaves no version of TLS', 'leave TLSv1.2 or TLSv1.3 in');
  } else if (TLS_VERSIONS.indexOf(most) - TLS_VERSIONS.indexOf(least) !== allowed.length - 1) {
    settings.findings.badValue(entry, 'leaves out a version between others', 'leave no hole');
  } else if (included.length > 0 || allowed.length < USUAL.length) {
    return { leastVersion: least, mostVersion: most };
  }
  return {};
}
