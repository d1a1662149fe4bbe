import type { AcquireRow, Driver, TypeRow } from './driver.ts';

const OPEN: AcquireRow = { yields: 'FileHandle', style: 'promise' };

const FILE_HANDLE: TypeRow = {
  noun: 'file handle',
  ending: 'close',
  giveBack: 'await $.close()',
  members: { close: { effect: 'release', again: 'harmless', mayReject: true } },
  dispose: { kind: 'async', effect: 'release', since: '20.4.0' },
};

const SOURCE = 'https://nodejs.org/api/fs.html#fspromisesopenpath-flags-mode; run on Node 18 to 24 (facts/drivers.md)';

/** `open()` of `node:fs/promises`: a descriptor of the process, as scarce as a connection. */
export const filePromises: Driver = {
  library: 'fs/promises',
  modules: ['node:fs/promises', 'fs/promises'],
  source: SOURCE,
  example: {
    setup: ["import { open } from 'node:fs/promises';"],
    take: ["const file = await open('orders.csv');"],
    use: ["await file.readFile('utf8');"],
  },
  traps: [
    'A descriptor that is never closed is closed by the garbage collector, with a warning; later versions throw.',
  ],
  exports: { open: { is: 'acquire', ...OPEN }, FileHandle: { is: 'type', type: 'FileHandle' } },
  types: { FileHandle: FILE_HANDLE },
};

/** The same by `fs.promises`. */
export const fileSystem: Driver = {
  library: 'fs',
  modules: ['node:fs', 'fs'],
  source: SOURCE,
  example: {
    setup: ["import fs from 'node:fs';"],
    take: ["const file = await fs.promises.open('orders.csv');"],
    use: ["await file.readFile('utf8');"],
  },
  exports: { promises: { is: 'object', type: 'Promises' } },
  types: {
    Promises: { noun: 'module', members: { open: { effect: 'acquire', ...OPEN } } },
    FileHandle: FILE_HANDLE,
  },
};
