/** The arguments after `agent`, as Flume's own command takes them. */

/** Flume also takes these with one dash; else they would be read as letters: `-n ame`. */
const LONG_WITH_ONE_DASH = new Map([
  ['-name', '--name'],
  ['-conf', '--conf'],
  ['-conf-file', '--conf-file'],
  ['-conf-uri', '--conf-uri'],
  ['-no-reload-conf', '--no-reload-conf'],
  ['-poll-interval', '--poll-interval'],
  ['-help', '--help'],
  ['-prov', '--conf-provider'],
  ['-user', '--conf-user'],
  ['-pwd', '--conf-password'],
]);

/** The same in the form that the options of `AGENT_OPTIONS` have. */
export function agentArguments(args: readonly string[]): readonly string[] {
  return args.map((arg) => LONG_WITH_ONE_DASH.get(arg) ?? arg);
}
