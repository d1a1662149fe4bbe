/** How a finding names another file. */
import { expect, it } from 'vitest';
import { relativePath } from '../../src/bindings/relative-path.ts';

it.each([
  ['/a/b/main.ts', '/a/b/db.ts', './db.ts'],
  ['/a/b/main.ts', '/a/db.ts', '../db.ts'],
  ['/a/b/main.ts', '/a/c/d/db.ts', '../c/d/db.ts'],
  ['main.ts', 'lib/db.ts', './lib/db.ts'],
  ['src/main.ts', 'lib/db.ts', '../lib/db.ts'],
  ['C:\\a\\main.ts', 'C:\\a\\b\\db.ts', './b/db.ts'],
  ['C:\\a\\main.ts', 'D:\\b\\db.ts', 'D:\\b\\db.ts'],
  ['', 'db.ts', './db.ts'],
])('from %s to %s', (from, to, expected) => {
  expect(relativePath(from, to)).toBe(expected);
});
