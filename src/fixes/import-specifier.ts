/** How a file of the project would import another one: as the files around it do. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { baseName, directoryOf, joinPath } from '../project/path.ts';
import type { Project } from '../project/project.ts';
import { eachImport } from '../syntax/each-import.ts';

/** What stands at the end of a relative specifier: nothing, the extension that the compiled file has, or that of the source. */
type Ending = 'none' | 'compiled' | 'source';

const EXTENSION = /\.([cm]?)[jt]sx?$/;

/**
 * The specifier by which the file of `model` imports the file at `target`: the alias that most other files import it by, else the relative path with the ending that
 * this file, or another one, uses. Undefined where nothing shows the ending, or the specifier would lead elsewhere.
 */
export function specifierOf(model: ProgramModel, project: Project, target: string): string | undefined {
  const others = importsOf(project, model, target);
  const aliases = others.filter((specifier) => !specifier.startsWith('.'));
  const alias = mostFrequent(aliases.filter((specifier) => project.resolve(model.path, specifier) === target));
  const usesRelative = relativeImports(model.text).length > 0 && aliases.length * 2 < others.length;
  if (alias !== undefined && !usesRelative) return alias;
  const ending = endingIn(project, model.path, model.text) ?? endingOfOthers(project, model) ?? usualEnding(project, model.path, target);
  const relative = model.bindings.seenFromHere(target);
  if (ending === undefined || relative === undefined) return alias;
  const candidates = withEnding(relative, ending);
  return candidates.find((specifier) => project.resolve(model.path, specifier) === target) ?? alias;
}

/** The specifiers by which the other files of the package import the file at `target`. */
function importsOf(project: Project, model: ProgramModel, target: string): string[] {
  const stem = baseName(target).replace(EXTENSION, '');
  const names = new Set(stem === 'index' ? [stem, baseName(directoryOf(target))] : [stem]);
  const isLike = (specifier: string): boolean => names.has(baseName(specifier).replace(EXTENSION, '').replace(/^[@#~$]/, ''));
  return filesAround(project, model).flatMap((path) => {
    const text = project.textAt(path) ?? '';
    return [...eachImport(text)].flatMap(({ specifier }) => (isLike(specifier) && project.resolve(path, specifier) === target ? [specifier] : []));
  });
}

function filesAround(project: Project, model: ProgramModel): readonly string[] {
  const directory = project.tree?.packageOf(model.path);
  return directory === undefined ? [] : (project.tree?.sourcesOf(directory) ?? []).filter((path) => path !== model.path);
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0];
}

function relativeImports(text: string): string[] {
  return [...eachImport(text)].flatMap(({ specifier }) => (specifier.startsWith('.') ? [specifier] : []));
}

/** The ending that the first relative import of a source file of the project has. */
function endingIn(project: Project, path: string, text: string): Ending | undefined {
  for (const specifier of relativeImports(text)) {
    const target = project.resolve(path, specifier);
    if (target === undefined || !EXTENSION.test(target)) continue;
    const own = EXTENSION.exec(specifier)?.[0];
    if (own === undefined || !target.endsWith(own)) return own === undefined ? 'none' : 'compiled';
    // Of a JavaScript file both are the same.
    return /ts/.test(own) ? 'source' : 'compiled';
  }
  return undefined;
}

function endingOfOthers(project: Project, model: ProgramModel): Ending | undefined {
  const kind = /\.[cm]?ts|\.tsx/.test(model.path) ? /\.[cm]?tsx?$/ : /\.[cm]?jsx?$/;
  for (const path of filesAround(project, model)) {
    const ending = kind.test(path) ? endingIn(project, path, project.textAt(path) ?? '') : undefined;
    if (ending !== undefined) return ending;
  }
  return undefined;
}

/** Where no file shows it: what every program of this kind has. Files of a package of ES modules name their extension, and which one the compiler says. */
function usualEnding(project: Project, path: string, target: string): Ending | undefined {
  if (/\.c[jt]s$/.test(path)) return 'none';
  const directory = project.tree?.packageOf(path);
  const manifest = directory === undefined ? undefined : project.textAt(joinPath(directory, 'package.json'));
  if (manifest === undefined) return undefined;
  const isModule = /\.m[jt]s$/.test(path) || /"type"\s*:\s*"module"/.test(manifest);
  if (!isModule) return 'none';
  return /\.[cm]?jsx?$/.test(target) ? 'compiled' : undefined;
}

function withEnding(relative: string, ending: Ending): readonly string[] {
  const bare = relative.replace(EXTENSION, '');
  // Of these, no resolver guesses the extension.
  const shown = ending === 'none' && /\.[cm][jt]s$/.test(relative) ? 'compiled' : ending;
  switch (shown) {
    case 'none':
      return [bare.replace(/\/index$/, ''), bare].filter((specifier) => !/^\.{1,2}$/.test(specifier) || bare === specifier);
    case 'compiled':
      return [relative.replace(EXTENSION, (_whole, kind: string) => `.${kind}js`)];
    case 'source':
      return [relative];
  }
}
