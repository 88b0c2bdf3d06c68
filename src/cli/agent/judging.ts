/** What is at hand while an agent's configuration is judged. */
import type { Findings } from './findings.js';

/** Of the machine and the process. */
export interface AgentEnvironment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly hostName: string;
  /** Of this machine, as others see it. */
  readonly hostAddress: string;
  readonly now: Date;
}

export interface Judging {
  readonly findings: Findings;
  /** The bytes of a file. Throws what the system says. */
  readonly read: (path: string) => Uint8Array;
  readonly environment: AgentEnvironment;
}
