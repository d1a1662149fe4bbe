/** Lints a project with the rules of this plugin and nothing else. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import plugin from '../../rules/index.ts';
import { brokenLinks } from './broken-links.ts';
import { COLLECTING_RULE, FindingCollector, type LocatedSite } from './finding-collector.ts';
import { loadTools, type LintEngine, type LintResult, type Tools } from './load-tools.ts';
import type { LocatedFinding } from './located-finding.ts';

const PREFIX = 'connection-leaks';

/** Files that nobody writes by hand. `node_modules` and `.git` are never read. */
const IGNORED = ['**/dist/**', '**/build/**', '**/out/**', '**/coverage/**', '**/.next/**', '**/.nuxt/**', '**/vendor/**', '**/*.min.js', '**/*.d.ts', '**/*.d.{c,m}ts'];

const TYPESCRIPT = /\.[cm]?tsx?$/;
const SCRIPT_FILES = ['**/*.js', '**/*.cjs', '**/*.mjs', '**/*.jsx'];
const TYPESCRIPT_FILES = ['**/*.ts', '**/*.cts', '**/*.mts', '**/*.tsx'];

export interface ScanInput {
  /** Where the command was called: what `paths` are relative to. */
  readonly cwd: string;
  /** Files, folders or patterns. */
  readonly paths: readonly string[];
  /** Whether fixes are written to the files. */
  readonly fix: boolean;
  /** Which code is judged, as in the option of the rules. */
  readonly code: 'services' | 'all';
  /** Called now and then with the number of files that were read so far. */
  readonly onProgress?: (files: number) => void;
}

export interface Scan {
  readonly findings: readonly LocatedFinding[];
  readonly sites: readonly LocatedSite[];
  /** How many files were read. */
  readonly files: number;
  /** Files that could not be read, and why. */
  readonly unread: readonly { readonly file: string; readonly message: string }[];
  /** Whether there are TypeScript files, and no parser for them. */
  readonly skipsTypeScript: boolean;
}

/** Scans. Throws a `MissingToolError` without ESLint, and what ESLint throws where a path names no file. */
export async function scanProject(input: ScanInput): Promise<Scan> {
  let files = 0;
  const collector = new FindingCollector(() => input.onProgress?.(++files));
  const results: LintResult[] = [];
  let skipsTypeScript = false;
  for (const { engine, paths, tools } of await openEngines(input, collector)) {
    const linted = await engine.lintFiles(paths);
    if (input.fix) await tools.ESLint.outputFixes(linted);
    skipsTypeScript ||= tools.parser === undefined && linted.some(({ filePath }) => TYPESCRIPT.test(filePath));
    results.push(...linted.filter(({ filePath }) => tools.parser !== undefined || !TYPESCRIPT.test(filePath)));
  }
  return {
    findings: results.flatMap(({ filePath, messages }) => messages.filter(isOurs).map((message) => collector.locate(filePath, message))),
    sites: results.flatMap(({ filePath }) => collector.sitesOf(filePath)),
    files: results.length,
    unread: unreadOf(results),
    skipsTypeScript,
  };
}

/** The linters for the paths, one for each folder that they lie in, with the rules switched on. Throws a `MissingToolError` without ESLint. */
export async function openEngines(
  input: Pick<ScanInput, 'cwd' | 'paths' | 'code'> & { readonly fix?: boolean },
  collector?: FindingCollector,
): Promise<{ readonly engine: LintEngine; readonly paths: string[]; readonly tools: Tools }[]> {
  const tools = await loadTools(input.cwd);
  return [...pathsByBase(input)].map(([base, paths]) => ({ engine: new tools.ESLint(engineOptions(base, input, tools, collector)), paths, tools }));
}

/** What the engine says of `files`, absolute paths below `cwd`: for whoever has the lint messages already. */
export async function analyseAgain(cwd: string, files: readonly string[]): Promise<FindingCollector> {
  const collector = new FindingCollector();
  if (files.length === 0) return collector;
  const tools = await loadTools(cwd);
  const options = { cwd, ignore: false, overrideConfigFile: true, overrideConfig: [...languageConfigs(tools), collectingConfig(collector)] };
  await new tools.ESLint(options).lintFiles([...files]);
  return collector;
}

/** Whether a lint message is of a rule of this plugin. */
export function isOurs({ ruleId }: { readonly ruleId: string | null }): boolean {
  return ruleId?.startsWith(`${PREFIX}/`) === true;
}

/** The files among `results` that could not be read, and why. */
export function unreadOf(results: readonly LintResult[]): Scan['unread'] {
  return results.flatMap(({ filePath, messages }) => messages.filter(({ fatal }) => fatal === true).map(({ message }) => ({ file: filePath, message })));
}

/** ESLint reads nothing outside the folder that it runs in: paths outside `cwd` get a run of their own. */
function pathsByBase({ cwd, paths }: Pick<ScanInput, 'cwd' | 'paths'>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const isOutside = isAbsolute(relative(cwd, absolute)) || relative(cwd, absolute).startsWith('..');
    const base = isOutside ? (isFolder(absolute) ? absolute : dirname(absolute)) : cwd;
    groups.set(base, [...(groups.get(base) ?? []), isOutside ? relative(base, absolute) || '.' : path]);
  }
  return groups;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function engineOptions(
  cwd: string,
  { fix = false, code }: Pick<ScanInput, 'code'> & { readonly fix?: boolean },
  tools: Tools,
  collector: FindingCollector | undefined,
): object {
  const { recommended } = plugin.configs;
  const ignored = [...IGNORED, ...brokenLinks(cwd).map((path) => path.replaceAll(/[\\*?!+@()[\]{}|]/g, '\\$&'))];
  const rules = Object.fromEntries(Object.keys(recommended.rules).map((rule) => [rule, ['error', { code }]]));
  const collecting = collector === undefined ? [] : [collectingConfig(collector)];
  return { cwd, fix, overrideConfigFile: true, overrideConfig: [{ ignores: ignored }, ...languageConfigs(tools), ...collecting, { ...recommended, rules }] };
}

function languageConfigs({ parser }: Tools): object[] {
  return [
    {
      files: [...SCRIPT_FILES, ...TYPESCRIPT_FILES],
      linterOptions: { reportUnusedDisableDirectives: 'off' },
      languageOptions: { ecmaVersion: 'latest', ...(parser === undefined ? {} : { parser }), parserOptions: { ecmaFeatures: { jsx: true } } },
    },
    { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  ];
}

function collectingConfig(collector: FindingCollector): object {
  return { plugins: { collector: collector.plugin }, rules: { [`collector/${COLLECTING_RULE}`]: 'error' } };
}

/** The lines of a file that was scanned, for a code frame; empty when it is gone. */
export function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r\n|[\n\r\u2028\u2029]/);
  } catch {
    return [];
  }
}
