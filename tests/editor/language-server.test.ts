/** The squiggles of an editor, from a real language server for ESLint on the example service. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { ruleUrl } from '../../src/rule/create-rule.ts';
import { installBuiltPackage, type InstalledPackage } from '../package/install-built-package.ts';
import { applyEdits, LanguageClient } from './language-client.ts';

const example = path.resolve(import.meta.dirname, '../../docs/example/src');
let installed: InstalledPackage;
let client: LanguageClient;

beforeAll(async () => {
  installed = await installBuiltPackage();
  for (const name of ['eslint', 'typescript', 'typescript-eslint']) await installed.link(name);
  cpSync(example, path.join(installed.folder, 'src'), { recursive: true });
  await installed.write(
    'eslint.config.mjs',
    `import connectionLeaks from 'eslint-plugin-connection-leaks';
import tseslint from 'typescript-eslint';
export default [{ files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } }, connectionLeaks.configs.recommended];
`,
  );
  client = new LanguageClient(installed.folder);
  await client.start();
});
afterAll(async () => {
  await client.stop();
  await installed.remove();
});

/** The engine does not see what `copyRows` does with the client: a fix would be a guess. */
const suggested = `import { Pool } from 'pg';
import { copyRows } from 'copy-rows';

const pool = new Pool();

export async function copy(): Promise<void> {
  const client = await pool.connect();
  await copyRows(client);
  client.release();
}
`;

const textOf = (file: string): string => readFileSync(path.join(installed.folder, file), 'utf8');

it('a squiggle stands under the call that acquires, with its message and a link to the page of the rule', async () => {
  const file = 'src/repositories/order-repository.ts';
  client.open(file, textOf(file));
  const diagnostics = await client.diagnosticsOf(file);
  const lines = textOf(file).split('\n');
  const underlined = diagnostics.map(({ range }) => (lines[range.start.line] ?? '').slice(range.start.character, range.end.character));
  expect(underlined.length).toBeGreaterThan(1);
  expect(new Set(underlined)).toEqual(new Set(['this.pool.connect()']));
  expect(diagnostics[0]).toMatchObject({
    source: 'eslint',
    code: 'connection-leaks/require-release',
    codeDescription: { href: ruleUrl('require-release') },
    message: expect.stringMatching(/^`client` from `this\.pool\.connect\(\)` is not released if `client\.query.*` on line \d+ throws\./) as string,
  });
});

it('the file is judged anew as it is typed, and when a helper in another file changes, without a restart', async () => {
  const helper = 'src/db.ts';
  const file = 'src/repositories/audit-repository.ts';
  client.open(file, textOf(file));
  const before = (await client.diagnosticsOf(file)).length;
  expect(before).toBeGreaterThan(0);

  const original = textOf(helper);
  const release = /(export function endSnapshot[^]*?)client\.release\([^)]*\);/;
  expect(original).toMatch(release);
  writeFileSync(path.join(installed.folder, helper), original.replace(release, '$1'));
  client.change(file, 2, `${textOf(file)}\n`);
  expect((await client.diagnosticsOf(file)).length).toBeGreaterThan(before);

  writeFileSync(path.join(installed.folder, helper), original);
  client.change(file, 3, `${textOf(file)}\n\n`);
  expect(await client.diagnosticsOf(file)).toHaveLength(before);
});

it('the quick fix moves the release into a finally block, and the squiggle is gone', async () => {
  const file = 'src/jobs/nightly.ts';
  client.open(file, textOf(file));
  const before = await client.diagnosticsOf(file);
  const actions = await client.actionsFor(file, before[0]!);
  const fix = actions.find(({ title }) => title === 'Fix this connection-leaks/require-release problem');
  const fixed = applyEdits(textOf(file), await client.editsOf(fix!));
  expect(fixed).toMatch(/\} finally \{\n {4}await client\.end\(\);\n {2}\}/);
  client.change(file, 2, fixed);
  const after = await client.diagnosticsOf(file);
  expect(after).toHaveLength(before.length - 1);
  expect(after.map(({ message }) => message)).not.toContain(before[0]!.message);
});

it('each suggestion is offered and applied', async () => {
  const file = 'src/suggested.ts';
  const text = suggested;
  client.open(file, text);
  const [diagnostic] = await client.diagnosticsOf(file);
  const suggestions = (await client.actionsFor(file, diagnostic!)).filter(({ command }) => command?.command === 'eslint.applySuggestion');
  expect(suggestions.length).toBeGreaterThan(0);
  for (const suggestion of suggestions) {
    client.change(file, 2, text);
    const edited = applyEdits(text, await client.editsOf(suggestion));
    expect(edited).not.toBe(text);
    client.change(file, 3, edited);
    expect(await client.diagnosticsOf(file)).toEqual([]);
  }
});
