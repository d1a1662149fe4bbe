/** A real repository whose hook runs the command: the real `git commit` is refused while something leaks. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { LEAK, MENDED } from '../cli/scanned-project.ts';
import { readCodeBlocks } from '../docs/read-code-blocks.ts';
import { installBuiltPackage, type InstalledPackage } from './install-built-package.ts';

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installBuiltPackage();
  for (const name of ['eslint', 'typescript', '@typescript-eslint/parser']) await installed.link(name);
  git('init', '--quiet');
  await installed.write('.gitignore', 'node_modules\n');
});
afterAll(() => installed.remove());

function git(...args: string[]): string {
  const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.org' };
  return execFileSync('git', args, { cwd: installed.folder, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, ...identity } });
}

/** The hook that docs/pre-commit.md shows, with the command where npm would have put it. */
async function installHook(): Promise<void> {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/pre-commit.md'), 'utf8');
  const block = readCodeBlocks(page).find(({ code }) => code.startsWith('#!/bin/sh'));
  const command = `"${process.execPath}" node_modules/eslint-plugin-connection-leaks/dist/connection-leaks.js`;
  mkdirSync(path.join(installed.folder, '.git/hooks'), { recursive: true });
  await installed.write('.git/hooks/pre-commit', block!.code.replace('npx connection-leaks', command));
  chmodSync(path.join(installed.folder, '.git/hooks/pre-commit'), 0o755);
}

it('a leak that is staged is refused, its release is committed, and other files are not asked', async () => {
  await installed.write('src/old.js', LEAK);
  git('add', '.');
  git('commit', '--quiet', '-m', 'before the hook');
  await installHook();

  await installed.write('src/new.js', LEAK);
  git('add', '.');
  expect(() => git('commit', '-m', 'leaks')).toThrow(/src\/new\.js:6:24/);
  expect(git('log', '--oneline').trim().split('\n')).toHaveLength(1);

  await installed.write('src/new.js', MENDED);
  git('add', '.');
  git('commit', '--quiet', '-m', 'releases');
  expect(git('log', '--oneline').trim().split('\n')).toHaveLength(2);

  await installed.write('README.md', 'text');
  git('add', '.');
  git('commit', '--quiet', '-m', 'no code');
  expect(git('log', '--oneline').trim().split('\n')).toHaveLength(3);
});
