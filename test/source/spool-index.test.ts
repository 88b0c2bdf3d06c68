/** What a look has seen against what is known: the cases that need two things at one moment. */
import { linkSync, lstatSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Adoption } from '../../src/source/spool/adoption.js';
import { OpenFiles } from '../../src/source/spool/open-files.js';
import { SpoolIndex } from '../../src/source/spool/spool-index.js';
import type { Sighting } from '../../src/source/spool/spool-scan.js';
import type { SpooledFile } from '../../src/source/spool/spooled-file.js';
import { RecordedLog } from '../support/recorded-log.js';
import { RememberedFiles } from '../support/remembered-files.js';
import { SPOOL } from '../support/spool-run.js';

let directory: string;
let index: SpoolIndex;
let log: RecordedLog;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logwin-test-'));
  log = new RecordedLog();
  const openFiles = new OpenFiles(directory, log);
  const memory = new RememberedFiles(() => {});
  const spool = { ...SPOOL, directory };
  const adoption = new Adoption({ spool, log, memory, release: () => {} });
  index = new SpoolIndex({ adoption, log, openFiles, memory });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, text = 'x\n'): void {
  writeFileSync(join(directory, name), text);
}

function see(path: string): Sighting {
  return { path, stats: lstatSync(join(directory, path), { bigint: true }) };
}

/** A look that saw these. */
function look(...sightings: Sighting[]): void {
  index.beginLook();
  index.reconcile(sightings, 0);
}

function only(): SpooledFile {
  const [file, ...others] = index.files.values();
  expect(others).toEqual([]);
  return file;
}

describe('the index of a spool directory', () => {
  it('follows a file that one look saw under its old name and its new one', () => {
    write('a');
    look(see('a'));
    const file = only();
    const before = see('a');
    renameSync(join(directory, 'a'), join(directory, 'b'));
    look(before, see('b'));
    expect(only()).toBe(file);
    expect(file.path).toBe('b');
  });

  it('follows a file that one look missed under both', () => {
    write('a');
    look(see('a'));
    const file = only();
    renameSync(join(directory, 'a'), join(directory, 'b'));
    look();
    expect(index.files.size).toBe(0);
    look(see('b'));
    expect(only()).toBe(file);
  });

  it('does not believe what a look saw of a file that was handled meanwhile', () => {
    write('a', 'longer\n');
    look(see('a'));
    const file = only();
    const stale = see('a');
    write('a', 'longer\nand longer\n');
    index.beginLook();
    file.observe(see('a').stats, 0);
    index.handled(file);
    index.reconcile([stale], 0);
    expect(file.sight.suspicion).toBe('none');
    expect(file.size).toBe(18);
    look(see('a'));
    expect(file.size).toBe(18);
  });

  it('does not take a retired file for a second name of itself', () => {
    write('a');
    look(see('a'));
    const stale = see('a');
    index.beginLook();
    renameSync(join(directory, 'a'), join(directory, 'a.COMPLETED'));
    index.retire(only(), 'a.COMPLETED', 0);
    index.reconcile([stale], 0);
    expect(index.files.size).toBe(0);
    expect(log.lines).toEqual([]);
  });

  it('takes a finished file that got its name back for a new drop', () => {
    write('a');
    look(see('a'));
    const file = only();
    renameSync(join(directory, 'a'), join(directory, 'a.COMPLETED'));
    index.retire(file, 'a.COMPLETED', 0);
    renameSync(join(directory, 'a.COMPLETED'), join(directory, 'a'));
    look(see('a'));
    expect(only()).not.toBe(file);
    expect(index.former.size).toBe(0);
  });

  it('leaves a second name alone, says so once, and follows it when the first goes', () => {
    write('a');
    linkSync(join(directory, 'a'), join(directory, 'b'));
    look(see('a'), see('b'));
    look(see('a'), see('b'));
    const file = only();
    expect(log.lines).toHaveLength(1);
    rmSync(join(directory, 'a'));
    look(see('b'));
    expect(only()).toBe(file);
    expect(file.path).toBe('b');
  });

  it('lets nothing lead to a drop that was replaced', () => {
    write('a');
    look(see('a'));
    const file = only();
    const next = index.replace(file, see('a').stats, 0);
    expect(only()).toBe(next);
    expect(file.isOutOfReach).toBe(true);
  });
});
