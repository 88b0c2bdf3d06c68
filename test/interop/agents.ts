/** The Flume agents of these tests. What a test leaves behind ends with it. */
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { agentFile, freePort, SOURCE_STARTED, startAgent } from './peers/flume.js';
import { type JavaProcess, killAll } from './peers/java.js';

type Settings = Readonly<Record<string, string | number | boolean>>;

/** To be called while a file is loaded. */
export function endAgents(): void {
  afterEach(killAll);
}

export interface Recorder {
  readonly agent: JavaProcess;
  readonly port: number;
  /** For `recordedEvents`. */
  readonly file: string;
}

export interface RecorderOptions {
  readonly source?: Settings;
  readonly channel?: Settings;
  /** The system's choice if left out. */
  readonly port?: number;
}

/** An agent that writes down what its Avro source is sent; one of the same directory goes on with it. */
export async function startRecorder(
  directory: string,
  { source = {}, channel = {}, port }: RecorderOptions = {},
): Promise<Recorder> {
  const usedPort = port ?? (await freePort());
  const file = join(directory, 'events');
  const text = agentFile({
    source: { type: 'avro', bind: '127.0.0.1', port: usedPort, ...source },
    channel: { 'keep-alive': 1, ...channel },
    sink: { type: 'interop.RecordingSink', file },
  });
  const agent = startAgent('flume-1.11', directory, text);
  await agent.says(SOURCE_STARTED);
  return { agent, port: usedPort, file };
}

/** A channel that outlives its agent: what it took, it has. */
export function fileChannel(directory: string): Settings {
  return {
    type: 'file',
    checkpointDir: join(directory, 'checkpoint'),
    dataDirs: join(directory, 'data'),
    capacity: 1_000_000,
    transactionCapacity: 10_000,
    checkpointInterval: 1000,
  };
}
