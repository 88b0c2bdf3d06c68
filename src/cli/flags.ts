/**
 * What was said on the command line, as it was said: text that nobody has judged yet, and nothing
 * where nothing was said. Defaults come in later and in one place, so that a configuration file can
 * stand between the two.
 */
import type { AgentFlags } from './agent/agent-flags.js';

interface KeyFlags {
  readonly top?: string;
  readonly by?: string;
  readonly output?: string;
  readonly maxLine?: string;
  readonly maxKeys?: string;
  readonly maxKeyBytes?: string;
  readonly threads?: string;
}

interface LogFlags {
  readonly logLevel?: string;
  readonly logFile?: string;
}

/** The flags of `count`. */
export interface CountFlags extends KeyFlags, LogFlags {}

/** What is read, and what becomes of it: of every command that runs for long. */
interface SourceFlags {
  readonly include?: readonly string[];
  readonly ignore?: readonly string[];
  readonly recursive?: boolean;
  readonly order?: string;
  readonly after?: string;
  readonly suffix?: string;
  readonly settle?: string;
  readonly channelLines?: string;
  readonly channelBytes?: string;
  /** False for `--no-state`. */
  readonly state?: string | false;
  readonly ack?: string;
  readonly maxCall?: string;
  readonly maxConnections?: string;
}

/** The flags of `watch` and `demo`. */
export interface WatchFlags extends CountFlags, SourceFlags {
  readonly window?: string;
  readonly slide?: string;
  readonly onChange?: boolean;
  readonly once?: boolean;
  readonly ticks?: string;
}

/** The flags of `forward`. */
export interface ForwardFlags extends SourceFlags, LogFlags {
  readonly to?: readonly string[];
  readonly header?: readonly string[];
  readonly batch?: string;
  readonly inFlight?: string;
  readonly linger?: string;
  readonly balance?: string;
  readonly timeout?: string;
  readonly maxLine?: string;
}

/** What `argv` asks for. */
export type Invocation =
  | { readonly command: 'watch'; readonly sources: readonly string[]; readonly flags: WatchFlags }
  | { readonly command: 'count'; readonly files: readonly string[]; readonly flags: CountFlags }
  | {
      readonly command: 'forward';
      readonly sources: readonly string[];
      readonly flags: ForwardFlags;
    }
  | { readonly command: 'agent'; readonly flags: AgentFlags }
  | { readonly command: 'demo'; readonly flags: WatchFlags }
  | { readonly command: 'help'; readonly text: string };
