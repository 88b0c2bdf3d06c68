/** The options of `agent`: those of Flume's own command, and of `logwin`. */
import type { OptionGroup, OptionText } from '../options.js';

/** As commander gives them. */
export interface AgentFlags {
  readonly name?: string;
  readonly confFile?: readonly string[];
  readonly confUri?: readonly string[];
  readonly conf?: string;
  /** Of `-Dkey=value`: each as `key=value`. */
  readonly D?: readonly string[];
  /** False for `--no-reload-conf`; true where nothing is said. */
  readonly reloadConf?: boolean;
  readonly pollInterval?: string;
  readonly check?: boolean;
  readonly logLevel?: string;
  readonly logFile?: string;
  /** False for `--no-state`. */
  readonly state?: string | false;
  /** Those that are refused, by the name of {@link REFUSED}. */
  readonly X?: readonly string[];
  readonly classpath?: string;
  readonly pluginsPath?: string;
  readonly dryrun?: boolean;
  readonly zkConnString?: string;
  readonly zkBasePath?: string;
  readonly confProvider?: string;
  readonly authProvider?: string;
  readonly confUser?: string;
  readonly confPassword?: string;
  readonly backupDirectory?: string;
}

interface Refused {
  readonly option: OptionText;
  readonly flag: keyof AgentFlags;
  readonly remedy: string;
}

function refused(flags: string, flag: keyof AgentFlags, remedy: string): Refused {
  return { option: { flags, text: 'refused', hidden: true }, flag, remedy };
}

const NO_JAVA = 'there is no Java here: leave it out';

/** What Flume's command has and this one cannot do, with what to do. */
export const REFUSED: readonly Refused[] = [
  {
    option: { flags: '-X <option>', text: 'refused', hidden: true, repeatable: true },
    flag: 'X',
    remedy: `${NO_JAVA}; the memory is what capacity and byteCapacity of the channels say`,
  },
  refused('-C, --classpath <path>', 'classpath', NO_JAVA),
  refused('--plugins-path <path>', 'pluginsPath', NO_JAVA),
  refused('-d, --dryrun', 'dryrun', '--check reads the file, says what it finds and runs nothing'),
  refused('-z, --zkConnString <string>', 'zkConnString', 'give a file with --conf-file'),
  refused('-p, --zkBasePath <path>', 'zkBasePath', 'give a file with --conf-file'),
  refused('--conf-provider <class>', 'confProvider', 'give a file with --conf-file'),
  refused('-a, --auth-provider <class>', 'authProvider', 'give a file with --conf-file'),
  refused('--conf-user <name>', 'confUser', 'give a file with --conf-file'),
  refused('--conf-password <password>', 'confPassword', 'give a file with --conf-file'),
  refused('-b, --backup-directory <dir>', 'backupDirectory', 'the file is read where it lies'),
];

export const AGENT_OPTIONS: readonly OptionGroup[] = [
  {
    heading: 'Agent:',
    options: [
      { flags: '-n, --name <agent>', text: "which of the file's agents is run" },
      {
        flags: '-f, --conf-file <file>',
        text: 'the configuration (repeatable; a later file wins)',
        repeatable: true,
      },
      { flags: '-u, --conf-uri <uri>', text: 'the same, as file:… (repeatable)', repeatable: true },
      {
        flags: '-D <key=value>',
        text: `for \${sys:key} in the file; flume.root.logger=LEVEL,console (repeatable)`,
        repeatable: true,
      },
      { flags: '--check', text: 'say all that is found in the file, and run nothing' },
    ],
  },
  {
    heading: "Taken for Flume's sake, and said at the start what is not used of it:",
    options: [
      { flags: '-c, --conf <dir>', text: 'the directory of flume-env.sh and log4j' },
      { flags: '-i, --poll-interval <seconds>', text: 'the file is read once' },
      { flags: '--no-reload-conf', text: 'the same' },
    ],
  },
  {
    heading: 'Journal:',
    options: [
      {
        flags: '--state <dir>',
        text: 'where the journal is (default: trackerDir, or .logwin in the first directory)',
      },
      { flags: '--no-state', text: 'keep no journal' },
    ],
  },
  {
    heading: 'Log:',
    options: [
      { flags: '--log-level <level>', text: 'how much is said (default: info)' },
      { flags: '--log-file <file>', text: 'append the log to a file (default: standard error)' },
    ],
  },
  { heading: 'Refused:', options: REFUSED.map(({ option }) => option) },
];
