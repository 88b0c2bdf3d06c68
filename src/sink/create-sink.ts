import type { PipelineConfig } from '../core/config.js';
import type { EscapeMode } from '../core/escape.js';
import type { Writer } from '../core/output/writer.js';
import type { Sink } from '../core/stages.js';
import { csvFormat } from './csv.js';
import type { Format } from './format.js';
import { jsonFormat } from './json.js';
import { ndjsonFormat } from './ndjson.js';
import { onChange } from './on-change.js';
import { pprintFormat } from './pprint.js';
import { tableFormat } from './table.js';
import { tsvFormat } from './tsv.js';

type SinkConfig = Pick<PipelineConfig, 'by' | 'mode' | 'onChange' | 'output' | 'window'>;

/** Shows snapshots as the configuration says, on standard output's writer. */
export function createSink(
  config: SinkConfig,
  writer: Pick<Writer, 'append' | 'frame' | 'terminal'>,
): Sink {
  const inPlace = isInPlace(config, writer);
  const format = createFormat(config, writer, inPlace);
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

function createFormat(
  { output, by, window, mode }: SinkConfig,
  { terminal }: Pick<Writer, 'terminal'>,
  inPlace: boolean,
): Format {
  const escapeMode: EscapeMode = terminal ? 'plain-on-terminal' : 'plain';
  switch (output) {
    case 'table': {
      const period = mode === 'once' ? mode : window;
      return tableFormat({ fields: by, window: period, terminal, inPlace });
    }
    case 'tsv':
      return tsvFormat(by, escapeMode);
    case 'csv':
      return csvFormat(by, escapeMode);
    case 'ndjson':
      return ndjsonFormat(by);
    case 'json':
      return jsonFormat(by);
    case 'pprint':
      return pprintFormat();
  }
}
