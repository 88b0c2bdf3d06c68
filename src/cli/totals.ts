/** The totals of a run as fields of the log. */
import type { PipelineConfig } from '../core/config.js';
import type { LogFields, Logger } from '../core/logger.js';
import type { Totals } from '../core/snapshot.js';

/** Lines, counted and rejected, and how many were rejected for each reason. */
export function totalsFields({ lines, counted, rejected, reasons }: Totals): LogFields {
  return { lines, counted, rejected, ...Object.fromEntries(reasons) };
}

/** A table shows what was rejected; the other formats do not, and silence would look like success. */
export function warnOfRejected(log: Logger, { output }: PipelineConfig, totals: Totals): void {
  if (totals.rejected === 0) return;
  if (totals.counted === 0) {
    const message = 'Every line was rejected: is this the combined log format, the only one known?';
    log.warn(message, totalsFields(totals));
  } else if (output !== 'table') {
    log.warn('Some lines were rejected.', totalsFields(totals));
  }
}
