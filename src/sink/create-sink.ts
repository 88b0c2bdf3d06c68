import type { PipelineConfig } from '../core/config.js';
import type { EscapeMode } from '../core/escape.js';
import type { Writer } from '../core/output/writer.js';
import type { Sink } from '../core/stages.js';
import type { Format } from './format.js';
import { onChange } from './on-change.js';

type SinkConfig = Pick<PipelineConfig, 'by' | 'mode' | 'onChange' | 'output' | 'window'>;

/**
 * Shows snapshots as the configuration says, on standard output's writer. Loads the one format that
 * is asked for.
 */
export async function createSink(
  config: SinkConfig,
  writer: Pick<Writer, 'append' | 'frame' | 'terminal'>,
): Promise<Sink> {
  const inPlace = isInPlace(config, writer);
  const format = await createFormat(config, writer, inPlace);
  const sink: Sink = {
    show(snapshot) {
      if (inPlace) writer.frame(() => format(snapshot));
      else writer.append(() => format(snapshot));
    },
  };
  return config.onChange ? onChange(sink) : sink;
}

/** A batch run's one table stays, and may be longer than the screen. */
function isInPlace({ output, mode }: SinkConfig, { terminal }: Pick<Writer, 'terminal'>): boolean {
  return output === 'table' && mode === 'watch' && terminal?.movesCursor === true;
}

async function createFormat(
  { output, by, window, mode }: SinkConfig,
  { terminal }: Pick<Writer, 'terminal'>,
  inPlace: boolean,
): Promise<Format> {
  const escapeMode: EscapeMode = terminal ? 'plain-on-terminal' : 'plain';
  switch (output) {
    case 'table': {
      const { tableFormat } = await import('./table.js');
      const period = mode === 'once' ? mode : window;
      return tableFormat({ fields: by, window: period, terminal, inPlace });
    }
    case 'tsv':
      return (await import('./tsv.js')).tsvFormat(by, escapeMode);
    case 'csv':
      return (await import('./csv.js')).csvFormat(by, escapeMode);
    case 'ndjson':
      return (await import('./ndjson.js')).ndjsonFormat(by);
    case 'json':
      return (await import('./json.js')).jsonFormat(by);
    case 'pprint':
      return (await import('./pprint.js')).pprintFormat();
  }
}
