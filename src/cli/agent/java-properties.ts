/** What is given with `-D`: for `${sys:…}` in the file, and a few that Flume itself looks at. */
import type { AgentFlags } from './agent-flags.js';
import type { Findings } from './findings.js';
import type { AgentEnvironment } from './judging.js';

export const ROOT_LOGGER = 'flume.root.logger';
const PROPERTIES_IMPLEMENTATION = 'propertiesImplementation';
const ENVIRONMENT_RESOLVER = 'org.apache.flume.node.EnvVarResolverProperties';

/** What asks for something that would not be had. By the beginning of its name. */
export const REFUSED: readonly (readonly [start: string, remedy: string])[] = [
  [
    'flume.monitoring.',
    'there are no metrics to fetch: leave it out, the log says what came of it',
  ],
  ['javax.net.ssl.', "name the key store or trust store in the file, as the component's own"],
  ['flume.ssl.', "say it in the file, with the component's own keys"],
  ['flume.log.', 'say --log-file <file>'],
  ['lookups', 'only env, sys and date are looked up: leave it out'],
];

/** By name; of Java's own, those that this machine knows as well. */
export function javaProperties(
  flags: AgentFlags,
  { variables }: AgentEnvironment,
): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  if (variables.HOME !== undefined) properties.set('user.home', variables.HOME);
  if (variables.USER !== undefined) properties.set('user.name', variables.USER);
  for (const text of flags.D ?? []) properties.set(...keyAndValue(text));
  return properties;
}

/** Whether `${NAME}` is also a variable of the environment. */
export function hasPlainVariables(properties: ReadonlyMap<string, string>): boolean {
  return properties.get(PROPERTIES_IMPLEMENTATION) === ENVIRONMENT_RESOLVER;
}

/** `used` are those that the file asked for, as `sys:NAME`. */
export function judgeProperties(
  flags: AgentFlags,
  used: ReadonlySet<string>,
  findings: Findings,
): void {
  for (const text of flags.D ?? []) {
    const [name, value] = keyAndValue(text);
    if (name === ROOT_LOGGER || used.has(`sys:${name}`)) continue;
    const remedy = REFUSED.find(([start]) => name.startsWith(start))?.[1];
    if (remedy !== undefined) findings.fault(undefined, `-D${name} is not supported`, remedy);
    else if (name !== PROPERTIES_IMPLEMENTATION) {
      findings.note('Nothing in the file asks for this property, so it is not used.', {
        option: `-D${name}`,
      });
    } else if (value !== ENVIRONMENT_RESOLVER) {
      const reason = `-D${name} is not supported`;
      findings.fault(undefined, reason, `leave it out, and write \${env:NAME} in the file`);
    }
  }
}

function keyAndValue(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
