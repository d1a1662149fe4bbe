/** The engine and the plugin where there is no Node: bundled for a browser, and run in a process from which everything of Node was taken away. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'tsdown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const parser = pathToFileURL(path.join(root, 'node_modules/@typescript-eslint/parser/dist/index.js')).href;

const SOURCE = `import { Pool } from 'pg';
import { helper } from './helper';
const pool = new Pool();
export async function load(id: number) {
  const client = await pool.connect();
  const { rows } = await client.query('SELECT 1', [id]);
  client.release();
  return helper(rows);
}
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'connection-leaks-browser-'));
  await build({
    config: false, cwd: root, entry: { engine: 'src/index.ts', plugin: 'rules/index.ts' }, outDir: folder, format: 'esm', platform: 'browser',
    dts: false, logLevel: 'error', outExtensions: () => ({ js: '.mjs' }),
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `script`, which has the parsed source as `parsed`, when what a browser does not have was taken away. */
async function runWithoutNode(script: string): Promise<unknown> {
  const file = path.join(folder, 'run.mjs');
  await writeFile(file, `
    import { parseForESLint } from ${JSON.stringify(parser)};
    const text = ${JSON.stringify(SOURCE)};
    const parsed = parseForESLint(text, { range: true, loc: true, comment: true, tokens: true });
    const print = console.log;
    for (const name of ['process', 'Buffer', 'global', 'setImmediate', 'clearImmediate', 'require', 'module']) delete globalThis[name];
    ${script}`);
  const { stdout } = await run(process.execPath, [file], { cwd: folder });
  return JSON.parse(stdout);
}

describe('in a browser', () => {
  it.each(['engine', 'plugin'])('the %s imports nothing', async (name) => {
    const code = await readFile(path.join(folder, `${name}.mjs`), 'utf8');
    const imported = [...code.matchAll(/^(?:import|export)\b[^'"\n]*from\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm)].map((match) => match[1] ?? match[2]);
    expect(imported.filter((specifier) => !specifier?.startsWith('./'))).toEqual([]);
    // What is asked for while it runs is asked of `process`, which is not there.
    expect(code).not.toMatch(/\brequire\(\s*['"]/);
  });

  it('the engine works', async () => {
    const found = await runWithoutNode(`
      const { analyseProgram } = await import('./engine.mjs');
      const { findings } = analyseProgram({ program: parsed.ast, text, scopeManager: parsed.scopeManager });
      print(JSON.stringify(findings.map(({ kind, node }) => [kind, node.loc.start.line])));`);
    expect(found).toEqual([['leak', 5]]);
  });

  it('the plugin works, on one file', async () => {
    const found = await runWithoutNode(`
      const { default: plugin } = await import('./plugin.mjs');
      const lines = [];
      const sourceCode = { ast: parsed.ast, text, scopeManager: parsed.scopeManager, visitorKeys: parsed.visitorKeys, parserServices: {} };
      const context = {
        options: [], settings: {}, filename: '/src/load.ts', physicalFilename: '/src/load.ts', cwd: '/', languageOptions: {}, sourceCode,
        report: ({ node }) => { lines.push(node.loc.start.line); },
      };
      plugin.rules['require-release'].create(context).Program?.(parsed.ast);
      print(JSON.stringify([lines, plugin.cacheableSettings({}, '/')]));`);
    expect(found).toEqual([[5], {}]);
  });
});
