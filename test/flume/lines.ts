/** Files as Flume's own tests write them: each line says where it stands. */

/** `file1line1`, `file1line2` and so on. */
export function linesOf(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}line${index + 1}`);
}

/** The same as the content of a file. */
export function textOf(name: string, count: number): string {
  return linesOf(name, count)
    .map((line) => `${line}\n`)
    .join('');
}
