import { eachImport } from '../syntax/each-import.ts';
import type { Project } from './project.ts';

/** The files of the project that the files at `paths` import, and those that these import, and so on, sorted. A file of `paths` is among them where another imports it. */
export function findImportedFiles(project: Project, paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const seen = new Set(paths);
  const pending = [...paths];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    for (const { specifier } of eachImport(project.textAt(path) ?? '')) {
      const target = project.resolve(path, specifier);
      if (target === undefined) continue;
      found.add(target);
      if (seen.has(target)) continue;
      seen.add(target);
      pending.push(target);
    }
  }
  return [...found].sort();
}
