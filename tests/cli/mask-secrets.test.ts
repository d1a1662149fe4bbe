import { expect, it } from 'vitest';
import { maskSecrets } from '../../src/cli/mask-secrets.ts';

it.each([
  ["new Pool('postgres://app:hunter2@db:5432/app')", "new Pool('postgres://...........@db:5432/app')"],
  ["{ user: 'app', password: 'hunter2' }", "{ user: 'app', password: '.......' }"],
  ['const API_KEY = "abc";', 'const API_KEY = "...";'],
  ["const url = 'https://example.org/a@b';", "const url = 'https://example.org/a@b';"],
  ["password: process.env['PGPASSWORD']", "password: process.env['PGPASSWORD']"],
])('%s', (line, masked) => {
  expect(maskSecrets(line)).toBe(masked);
  expect(masked).toHaveLength(line.length);
});
