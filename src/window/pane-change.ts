/** What was added to the open pane since somebody asked, for who records it. */
import { OpenPane } from './open-pane.js';

export class PaneChange extends OpenPane {
  /** Notes of the lines that were just added those that have a cell in the open pane. */
  addCounts(added: Uint32Array, open: Float64Array): void {
    const { counts } = this;
    for (let at = 0; at < added.length; at += 2) {
      const key = added[at];
      if (open[key] === 0) continue;
      if (counts[key] === 0) this.addCell(key);
      counts[key] += added[at + 1];
    }
  }
}
