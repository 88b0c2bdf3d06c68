/**
 * Hints that something changed below a directory. They only make the next look at the directory come
 * sooner; what they miss, the regular look finds. So only directories are watched, one watch each,
 * and no file: the raw event of a directory tells of every write to a file in it.
 */
import { basename } from 'node:path';
import { watch } from 'chokidar';

export interface ChangeHints {
  close(): Promise<void>;
}

export interface HintOptions {
  readonly directory: string;
  readonly recursive: boolean;
  readonly onHint: () => void;
  /** Watching failed (no watches left, say): hints may be missing from now on. */
  readonly onError: (error: unknown) => void;
}

export function watchForHints(options: HintOptions): ChangeHints {
  const { directory, recursive, onHint, onError } = options;
  const watcher = watch(directory, {
    ignoreInitial: true,
    followSymlinks: false,
    ...(recursive ? {} : { depth: 0 }),
    ignored: (path, stats) =>
      stats !== undefined &&
      (!stats.isDirectory() || (path !== directory && basename(path).startsWith('.'))),
  });
  watcher.on('raw', onHint);
  watcher.on('error', onError);
  return { close: () => watcher.close() };
}
