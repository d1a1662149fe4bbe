/**
 * For ESLint's `--cache`, which knows the file that is linted and its configuration, but not what the rules read in other files: a hash of
 * that, as a part of the settings, so that the cache is void when it changes.
 */
import { handingNamesOf } from '../analysis/handing-names.ts';
import { isTouched, mayAcquire, mayAcquireByType } from '../analysis/may-acquire.ts';
import { versionsKey } from '../project/drivers-of-versions.ts';
import { findImportedFiles } from '../project/find-imported-files.ts';
import { listSourceFiles } from '../project/list-source-files.ts';
import { directoryOf } from '../project/path.ts';
import { builtinModule } from './node-builtins.ts';
import { projectBelow } from './project-of.ts';
import { readSettings, type ConnectionLeaksSettings, type Settings } from './settings.ts';

/**
 * `settings`, with a hash of the files below `cwd` (and of those of their project) that decide what the rules say about files that import them.
 * Without a project, or where the settings switch it off, they are given back as they are.
 */
export function cacheableSettings(settings: ConnectionLeaksSettings = {}, cwd: string = process.cwd()): ConnectionLeaksSettings {
  const read = readSettings({ 'connection-leaks': settings });
  const content = hashProject(read, cwd);
  return content === undefined ? settings : { ...settings, project: { ...settings.project, content } };
}

function hashProject({ pairs, drivers, project: setting }: Settings, cwd: string): string | undefined {
  const below = setting === false ? undefined : projectBelow({ cwd, root: setting.root });
  const hash = builtinModule('node:crypto')?.createHash('sha256');
  if (below === undefined || hash === undefined) return undefined;
  const { project, files, directory, root } = below;
  const names = handingNamesOf(project, drivers, pairs);
  // Whatever file the rules may look at more closely; with or without a type checker and a parser, which are not known here.
  const looksAt = (path: string): boolean => {
    const text = project.sources.textAt(path)?.text;
    return text !== undefined && (mayAcquire(text, drivers, pairs) || mayAcquireByType(text, drivers) || isTouched(names.touchedBy(path, text)));
  };
  const looked = [...listSourceFiles(files, directory)].filter(looksAt);
  for (const of of new Set(looked.map(directoryOf))) hash.update(versionsKey(drivers, (name) => project.versions?.versionAt(of, name)));
  for (const path of findImportedFiles(project, looked)) {
    const text = project.textAt(path) ?? '';
    hash.update(JSON.stringify([path.slice(root.length), text]));
  }
  return hash.digest('hex');
}
