/** The packages of a workspace by their names, as its manifest lists their directories; for those that are not installed (no link in node_modules). */
import type { FileAccess } from './file-access.ts';
import { joinPath } from './path.ts';
import { readJsonObject } from './read-json.ts';

/** How deep a pattern may look for packages. */
const MAX_DEPTH = 8;

/** Finds the directory of each package of the workspace at `root`. Where two have one name, the first in the order of the patterns counts. */
export function findWorkspacePackages(files: FileAccess, root: string): ReadonlyMap<string, string> {
  const patterns = workspacePatterns(files, root);
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => segmentsOf(pattern.slice(1)));
  const packages = new Map<string, string>();
  for (const pattern of wanted) {
    for (const [directory, segments] of matchingDirectories(files, root, [], segmentsOf(pattern), 0)) {
      if (unwanted.some((other) => matches(segments, other))) continue;
      const name = readJsonObject(files, joinPath(directory, 'package.json'))?.['name'];
      if (typeof name === 'string' && !packages.has(name)) packages.set(name, directory);
    }
  }
  return packages;
}

/** The patterns of npm, yarn and bun (`workspaces`), of lerna, and of pnpm. */
function workspacePatterns(files: FileAccess, root: string): readonly string[] {
  const { workspaces } = readJsonObject(files, joinPath(root, 'package.json')) ?? {};
  const listed = strings(workspaces) ?? strings((workspaces as { packages?: unknown } | null | undefined)?.packages);
  if (listed !== undefined) return listed;
  const pnpm = files.read(joinPath(root, 'pnpm-workspace.yaml'));
  if (pnpm !== undefined) return packagesOfYaml(pnpm);
  return strings(readJsonObject(files, joinPath(root, 'lerna.json'))?.['packages']) ?? [];
}

function strings(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;
}

/** The list `packages` of a pnpm-workspace.yaml: a sequence of strings, in block or flow style. */
function packagesOfYaml(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(?:^|\s)#.*$/, '').trimEnd());
  const start = lines.findIndex((line) => /^packages\s*:/.test(line));
  if (start < 0) return [];
  const end = lines.findIndex((line, index) => index > start && /^[^\s\]-]/.test(line));
  const list = [lines[start]!.replace(/^packages\s*:/, ''), ...lines.slice(start + 1, end < 0 ? undefined : end)];
  const isFlow = list.join(' ').trim().startsWith('[');
  const items = isFlow ? list.join(' ').trim().replace(/^\[|\]$/g, '').split(',') : list.map((line) => /^\s*-\s+(.+)$/.exec(line)?.[1] ?? '');
  return items.map((item) => item.trim().replace(/^(['"])(.*)\1$/, '$2')).filter((item) => item !== '');
}

function segmentsOf(pattern: string): readonly string[] {
  return pattern.split('/').filter((segment) => segment !== '' && segment !== '.');
}

/** The directories below `directory` that the rest of a pattern matches, each with the segments of its path below the root. */
function* matchingDirectories(
  files: FileAccess,
  directory: string,
  path: readonly string[],
  pattern: readonly string[],
  depth: number,
): Generator<[directory: string, path: readonly string[]]> {
  const [segment, ...rest] = pattern;
  if (segment === undefined) {
    yield [directory, path];
    return;
  }
  if (depth > MAX_DEPTH) return;
  if (segment === '**') yield* matchingDirectories(files, directory, path, rest, depth);
  if (!/[*?{[]/.test(segment)) {
    if (files.stat(joinPath(directory, segment))?.isDirectory === true) {
      yield* matchingDirectories(files, joinPath(directory, segment), [...path, segment], rest, depth + 1);
    }
    return;
  }
  const isMatch = segmentTest(segment);
  for (const name of files.directoriesIn(directory)) {
    if (name.startsWith('.') || name === 'node_modules' || !isMatch(name)) continue;
    yield* matchingDirectories(files, joinPath(directory, name), [...path, name], segment === '**' ? pattern : rest, depth + 1);
  }
}

function matches(path: readonly string[], pattern: readonly string[]): boolean {
  const [segment, ...rest] = pattern;
  if (segment === undefined) return path.length === 0;
  if (segment === '**') return matches(path, rest) || (path.length > 0 && matches(path.slice(1), pattern));
  return path.length > 0 && segmentTest(segment)(path[0]!) && matches(path.slice(1), rest);
}

/** One segment of a pattern as a test: `*`, `?` and `{a,b}` are what the package managers' patterns use. */
function segmentTest(segment: string): (name: string) => boolean {
  if (segment === '**') return () => true;
  const source = segment.replace(/[.+^$()|[\]\\]|\*+|\?|\{[^{}]*\}/g, (part) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (part.startsWith('{')) return `(?:${part.slice(1, -1).split(',').map(escaped).join('|')})`;
    return escaped(part);
  });
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
