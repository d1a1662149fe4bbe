import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { builtOnce } from './built-once.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A folder outside the repository with the built plugin installed in it, as a user would have it. */
export interface InstalledPackage {
  folder: string;
  /** Makes `import 'name'` in the folder find what the project has installed under `source`. */
  link: (name: string, source?: string) => Promise<void>;
  unlink: (name: string) => Promise<void>;
  write: (file: string, text: string) => Promise<void>;
  remove: () => Promise<void>;
}

/** Installs the plugin as it is built from the sources as they are now, never from an older `dist`. */
export async function installBuiltPackage(): Promise<InstalledPackage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'connection-leaks-'));
  const installed = path.join(folder, 'node_modules/eslint-plugin-connection-leaks');
  await mkdir(installed, { recursive: true });
  await cp(await builtOnce(), path.join(installed, 'dist'), { recursive: true });
  // As npm packs it: what `files` names besides, and what is always there.
  const { dependencies, files } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string>; files: string[] };
  for (const file of ['package.json', 'README.md', 'LICENSE', ...files.filter((name) => name !== 'dist')]) await cp(path.join(root, file), path.join(installed, file), { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true }));
  // What a package manager would install beside it.
  for (const name of Object.keys(dependencies)) await symlink(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name));

  return {
    folder,
    async link(name, source = name) {
      const target = path.join(folder, 'node_modules', name);
      await mkdir(path.dirname(target), { recursive: true });
      await rm(target, { force: true });
      await symlink(path.join(root, 'node_modules', source), target);
    },
    unlink: (name) => rm(path.join(folder, 'node_modules', name), { force: true }),
    async write(file, text) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
