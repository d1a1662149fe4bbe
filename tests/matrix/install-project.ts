import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Installer } from './combinations.ts';

/** A fresh project with packages in it. */
export interface InstalledProject {
  readonly folder: string;
  /** The program and its first arguments that run ESLint there. */
  readonly runEslint: readonly string[];
  readonly remove: () => void;
}

const YARN = ['npx', '--yes', '-p', '@yarnpkg/cli-dist@4', 'yarn'];

/** Each installer as npm runs it: the packages, the command, and what it is told. Yarn 4 takes a local file with its package's name in front. */
const INSTALLERS: Readonly<Record<Installer, { readonly npx: readonly string[]; readonly files?: Readonly<Record<string, string>>; readonly fileSpecifier: (file: string) => string }>> = {
  npm: { npx: ['npm', 'install', '--no-audit', '--no-fund'], fileSpecifier: (file) => file },
  pnpm: { npx: ['npx', '--yes', 'pnpm@10', 'add', '--save-dev'], fileSpecifier: (file) => `file:${file}` },
  yarn: { npx: ['npx', '--yes', 'yarn@1', 'add', '--dev', '--ignore-engines', '--silent'], fileSpecifier: (file) => `file:${file}` },
  'yarn-pnp': {
    npx: [...YARN, 'add', '--dev'],
    files: { '.yarnrc.yml': 'nodeLinker: pnp\nenableGlobalCache: false\nenableTelemetry: false\n', 'yarn.lock': '' },
    fileSpecifier: (file) => `eslint-plugin-connection-leaks@file:${file}`,
  },
};

/** Makes a project in a folder outside this repository and installs `packages` and the packed plugin in it, as a user would. */
export function installProject(installer: Installer, packages: readonly string[], tarball: string): InstalledProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'connection-leaks-matrix-')));
  const { npx, files = {}, fileSpecifier } = INSTALLERS[installer];
  const [command, ...args] = npx;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  try {
    execFileSync(command!, [...args, ...packages, fileSpecifier(tarball)], { cwd: folder, stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${installer} could not install ${packages.join(' ')}:\n${stdout}${stderr}`, { cause: error });
  }
  const runEslint = installer === 'yarn-pnp' ? [...YARN, 'run', 'eslint'] : [process.execPath, join(folder, 'node_modules/eslint/bin/eslint.js')];
  return { folder, runEslint, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
