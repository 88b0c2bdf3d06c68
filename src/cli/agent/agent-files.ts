/** The files of an agent's configuration, together, as properties. */
import { fileURLToPath } from 'node:url';
import { messageOf, systemCode } from '../../core/errors.js';
import type { AgentFlags } from './agent-flags.js';
import { type Entry, type Findings, placeText } from './findings.js';
import type { Judging } from './judging.js';
import { parseProperties } from './properties-file.js';

const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

/** As they were given, those of `--conf-file` first. */
export function filesOf(flags: AgentFlags, findings: Findings): readonly string[] {
  const byUri = (flags.confUri ?? []).flatMap((uri) => pathOf(uri, findings) ?? []);
  const files = [...(flags.confFile ?? []), ...byUri];
  if (files.length === 0 && (flags.confUri ?? []).length === 0) {
    findings.fault(undefined, 'no configuration is given', 'name it with --conf-file <file>');
  }
  return files;
}

/** Of a key that is there several times, the last one counts, and the others are noted. */
export function readProperties(files: readonly string[], judging: Judging): readonly Entry[] {
  const merged = new Map<string, Entry>();
  for (const file of files) {
    for (const entry of readFile(file, judging)) {
      const before = merged.get(entry.key);
      if (before !== undefined) {
        judging.findings.noteOf(entry, 'A key is there more than once, and the last one counts.', {
          before: placeText(before.place),
        });
      }
      merged.delete(entry.key);
      merged.set(entry.key, entry);
    }
  }
  return [...merged.values()];
}

function readFile(file: string, { read, findings }: Judging): Entry[] {
  let bytes: Uint8Array;
  try {
    bytes = read(file);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    findings.fault(
      undefined,
      `${file} cannot be read (${messageOf(error)})`,
      'name a file that can',
    );
    return [];
  }
  return parseProperties(bytes, file, findings);
}

/** Undefined where it is no file's, which is a fault. */
function pathOf(uri: string, findings: Findings): string | undefined {
  const scheme = SCHEME.exec(uri)?.[1].toLowerCase();
  if (scheme === undefined) return uri;
  try {
    if (scheme === 'file') return fileURLToPath(uri);
  } catch (error) {
    // It names a file on another machine, or holds an escape that is none.
    findings.fault(undefined, `--conf-uri ${uri}: ${messageOf(error)}`, 'write file:///path');
    return undefined;
  }
  const remedy = 'fetch it first, and name the file with --conf-file';
  findings.fault(undefined, `--conf-uri ${uri}: the scheme ${scheme} is not supported`, remedy);
  return undefined;
}
