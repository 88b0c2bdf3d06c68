/**
 * Hints that something changed below a directory. They only make the next look at the directory come
 * sooner; what they miss, the regular look finds.
 */
import { type FSWatcher, watch as watchDirectory } from 'node:fs';
import { basename } from 'node:path';

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

/**
 * A tree is chokidar's affair: it finds the directories in it, on every system. A single directory
 * is not, for at each change chokidar asks for the status of everything in it: a log that grows
 * beside ten thousand finished files takes a whole processor that way.
 */
export function watchForHints(options: HintOptions): ChangeHints {
  return options.recursive ? hintsOfTree(options) : hintsOfDirectory(options);
}

function hintsOfTree(options: HintOptions): ChangeHints {
  const watching = watchTree(options).catch((error: unknown) => {
    options.onError(error);
    return undefined;
  });
  return { close: async () => (await watching)?.close() };
}

/** The raw event of a directory tells of every write to a file in it, so no file is watched. */
async function watchTree({ directory, onHint, onError }: HintOptions): Promise<ChangeHints> {
  const { watch } = await import('chokidar');
  const watcher = watch(directory, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path, stats) =>
      stats !== undefined &&
      (!stats.isDirectory() || (path !== directory && basename(path).startsWith('.'))),
  });
  watcher.on('raw', onHint);
  watcher.on('error', onError);
  return watcher;
}

function hintsOfDirectory({ directory, onHint, onError }: HintOptions): ChangeHints {
  let watcher: FSWatcher | undefined;
  try {
    watcher = watchDirectory(directory, onHint);
    watcher.on('error', onError);
  } catch (error) {
    onError(error);
  }
  return { close: async () => watcher?.close() };
}
