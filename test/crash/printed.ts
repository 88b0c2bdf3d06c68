/** What a `watch` with `--output ndjson` has printed so far; only the newest snapshot is kept. */

const ACCOUNTED = /"total":(\d+),"distinct":\d+,"rejected":(\d+)/;

export class Printed {
  /** How many snapshots have come. */
  snapshots = 0;
  /** The newest complete one, without its line end; empty before the first. */
  newest = '';
  #tail = '';

  take(text: string): void {
    const lines = (this.#tail + text).split('\n');
    this.#tail = lines.pop() ?? '';
    this.snapshots += lines.length;
    this.newest = lines.at(-1) ?? this.newest;
  }

  /** Lines counted or rejected, by the newest snapshot. */
  get accounted(): number {
    const [, total = '0', rejected = '0'] = ACCOUNTED.exec(this.newest) ?? [];
    return Number(total) + Number(rejected);
  }
}
