/** Writes the functions that lend connections into a module, and names them in the configuration of ESLint. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { LENDABLE_PACKAGES, lendablePackages } from './lendable-packages.ts';
import { withLenders, type ModuleKind } from './lenders-module.ts';
import { isNamed, nameInConfig, settingsEntry, type NamedLender } from './name-in-config.ts';

export interface InitInput {
  readonly cwd: string;
  /** The module of the user's choice; undefined: the usual one. */
  readonly module: string | undefined;
  /** Nothing is written. */
  readonly dryRun: boolean;
}

/** Why nothing can be written: a sentence for the user. */
export class InitError extends Error {
  override name = 'InitError';
}

const CONFIGS = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((extension) => `eslint.config.${extension}`);

/** Does it, and gives what is to be printed. Throws an `InitError` where there is nothing to do it for. */
export function initProject({ cwd, module, dryRun }: InitInput): string {
  const manifest = readManifest(join(cwd, 'package.json'));
  if (manifest === undefined) throw new InitError('There is no package.json here that can be read.');
  const packages = lendablePackages(manifest);
  if (packages.length === 0) throw new InitError(`package.json names no library whose connections a function can lend (${LENDABLE_PACKAGES.join(', ')}).`);
  const path = modulePath(cwd, module);
  const from = relative(cwd, path).split(sep).join('/');
  if (from.startsWith('..')) throw new InitError(`${module!} lies outside of this folder.`);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const { text, added } = withLenders(before, kindOf(path, before, cwd), packages);
  const lenders = packages.map(({ name }): NamedLender => ({ name, from }));
  const config = CONFIGS.map((name) => join(cwd, name)).find((file) => existsSync(file));
  const configured = config && readFileSync(config, 'utf8');
  const isKnown = configured !== undefined && isNamed(configured, lenders);
  const named = configured === undefined || isKnown ? undefined : nameInConfig(configured, lenders);
  const changes = [
    ...(added.length > 0 ? [{ file: path, before, after: text, says: `${from}: ${added.join(', ')}` }] : []),
    ...(named !== undefined ? [{ file: config!, before: configured!, after: named, says: `${relative(cwd, config!)}: names ${lenders.map(({ name }) => name).join(', ')}` }] : []),
  ];
  for (const { file, after } of dryRun ? [] : changes) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, after);
  }
  const told = changes.map(({ file, before: old, after, says }) => {
    const name = relative(cwd, file).split(sep).join('/');
    return dryRun ? createTwoFilesPatch(`a/${name}`, `b/${name}`, old, after, '', '', { context: 3 }) : says;
  });
  const lines = isKnown || named !== undefined ? [] : [`Add this to the configuration of ESLint, so that fixes use ${lenders.length === 1 ? 'it' : 'them'} in every file:\n  ${settingsEntry(lenders)}`];
  const kept = lenders.filter(({ name }) => !added.includes(name)).map(({ name }) => `${from} has the name ${name} already: it is left as it is.`);
  const summary = changes.length === 0 ? ['Nothing to write.'] : [`${dryRun ? 'Would change' : 'Changed'} ${String(changes.length)} ${changes.length === 1 ? 'file' : 'files'}.`];
  return [...told, ...kept, ...summary, ...lines].join('\n');
}

function readManifest(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The file of the module: with the extension that it is given, else with that of the package's language. */
function modulePath(cwd: string, module: string | undefined): string {
  const extension = existsSync(join(cwd, 'tsconfig.json')) ? '.ts' : '.js';
  const path = resolve(cwd, module ?? (existsSync(join(cwd, 'src')) ? 'src/with-connection' : 'with-connection'));
  const own = extname(path);
  if (/^\.[cm]?[jt]s$/.test(own)) return path;
  if (/^\.[jt]sx$|^\.json$/.test(own)) throw new InitError(`${module!} is no module for such a function: name a file that ends with .ts, .mts, .cts, .js, .mjs or .cjs.`);
  return `${path}${extension}`;
}

/** How the module is written: TypeScript as ECMAScript modules always; JavaScript as its extension, its text or its package says. */
function kindOf(path: string, text: string, cwd: string): ModuleKind {
  if (/ts$/.test(path)) return { language: 'ts', format: 'import' };
  if (path.endsWith('.mjs') || path.endsWith('.cjs')) return { language: 'js', format: path.endsWith('.mjs') ? 'import' : 'require' };
  if (/^(?:import\s|export\s)/m.test(text)) return { language: 'js', format: 'import' };
  if (/\brequire\(|\bmodule\.exports\b|\bexports\./.test(text)) return { language: 'js', format: 'require' };
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const manifest = readManifest(join(directory, 'package.json'));
    if (manifest !== undefined || directory === cwd || dirname(directory) === directory) return { language: 'js', format: manifest?.['type'] === 'module' ? 'import' : 'require' };
  }
}
