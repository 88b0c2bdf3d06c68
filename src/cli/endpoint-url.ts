/**
 * The places that network sources and sinks are given as: `avro://HOST:PORT?compression=deflate`. Taken
 * apart by hand, since several hosts may stand in one, and since `URL` would resolve and rewrite what a
 * message should show as it was given.
 */
import type { Layers } from '../core/endpoint.js';
import {
  type EndpointRole,
  LAYER_NAMES,
  type Parameters,
  parseLayers,
  refusalAt,
} from './endpoint-layers.js';

export interface EndpointUrl {
  /** In lower case, without `://`. */
  readonly scheme: string;
  /** At least one. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly layers: Layers;
  /** Those of `known` that were given, decoded. */
  readonly parameters: ReadonlyMap<string, string>;
}

const URL_PARTS = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)\/?(?:\?([^#]*))?$/i;
/** A name or an address, in brackets where it is of IPv6, and the port. */
const PLACE = /^(?:\[([0-9a-f:.]+(?:%[\w.-]+)?)\]|([^[\]:@\s]*)):(\d+)$/i;
const MOST_PORT = 65_535;
const LOOPBACK = '127.0.0.1';

/** The scheme of an argument that is given as a URL, in lower case; undefined for anything else. */
export function schemeOf(text: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1].toLowerCase();
}

/**
 * `option` is what messages begin with: the option's or the argument's name. `known` are parameters
 * beside those of the layers. Who listens may leave the host out, which is the loopback address then,
 * and may give port 0. Throws `LogwinError('usage')`.
 */
export function parseEndpointUrl(
  option: string,
  text: string,
  role: EndpointRole,
  known: readonly string[] = [],
): EndpointUrl {
  const at = `${option} ${withoutSecrets(text)}`;
  const parts = URL_PARTS.exec(text);
  if (parts === null)
    throw refusalAt(
      at,
      'is no URL',
      'write it as SCHEME://HOST:PORT, in quotes where it has parameters',
    );
  const [, scheme, places, query = ''] = parts;
  const given = parseQuery(at, query, known);
  const hosts = places.split(',').map((place) => parsePlace(at, place, role));
  if (role === 'listen' && hosts.length > 1) {
    throw refusalAt(at, 'names several hosts to listen at', 'name each on its own');
  }
  const layers = parseLayers(at, given, role);
  const parameters = new Map([...given].filter(([name]) => known.includes(name)));
  return { scheme: scheme.toLowerCase(), hosts, layers, parameters };
}

/** Somebody may write them where they do not belong, and messages are kept. */
function withoutSecrets(text: string): string {
  return text.replace(/([?&][^=&]*pass[^=&]*=)[^&]*/gi, '$1…').replace(/\/\/[^@/?]*@/, '//…@');
}

function parsePlace(at: string, place: string, role: EndpointRole): EndpointUrl['hosts'][number] {
  const parts = PLACE.exec(place);
  if (parts === null) {
    const what = place === '' ? 'names no host and port' : `has no HOST:PORT in '${place}'`;
    throw refusalAt(at, what, 'write a name or an address, and a port, such as 127.0.0.1:9092');
  }
  const [, address, name, digits] = parts;
  const host = address ?? name;
  const port = Number(digits);
  const least = role === 'listen' ? 0 : 1;
  if (port < least || port > MOST_PORT) {
    throw refusalAt(at, `has no port ${digits}`, `give one of ${least} to ${MOST_PORT}`);
  }
  if (host !== '') return { host, port };
  if (role === 'listen') return { host: LOOPBACK, port };
  throw refusalAt(at, 'names no host to connect to', 'write it as SCHEME://HOST:PORT');
}

function parseQuery(at: string, query: string, known: readonly string[]): Parameters {
  const given = new Map<string, string>();
  for (const parameter of query === '' ? [] : query.split('&')) {
    const equals = parameter.indexOf('=');
    const name = equals < 0 ? parameter : parameter.slice(0, equals);
    const names: readonly string[] = [...known, ...LAYER_NAMES];
    if (!names.includes(name)) {
      throw refusalAt(at, `has an unknown parameter '${name}'`, `choose of ${names.join(', ')}`);
    }
    if (given.has(name)) throw refusalAt(at, `gives '${name}' twice`, 'give it once');
    const value = equals < 0 ? '' : decoded(at, parameter.slice(equals + 1));
    if (value === '') throw refusalAt(at, `gives '${name}' no value`, `write ${name}=…`);
    given.set(name, value);
  }
  return given;
}

function decoded(at: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refusalAt(at, `has a broken '%' in '${text}'`, "write '%' itself as %25");
  }
}
