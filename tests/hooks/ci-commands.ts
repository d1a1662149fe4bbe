/** What runs in CI: the lines of docs/ci.md and the step of action.yml, as their runners start them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LEAK, MENDED } from '../cli/scanned-project.ts';
import { validateSarif } from '../cli/validate-sarif.ts';

const root = resolve(import.meta.dirname, '../..');

export interface CiCommand {
  readonly name: string;
  /** Checks the command in a project that has the plugin; throws what is wrong. */
  readonly run: (folder: string) => void;
}

/** The commands; `tarball` takes the place of the package of the registry. */
export function ciCommands(tarball: string): CiCommand[] {
  const page = readFileSync(join(root, 'docs/ci.md'), 'utf8');
  return [
    {
      name: 'GitHub: action.yml',
      run(folder) {
        const line = textAfter(readFileSync(join(root, 'action.yml'), 'utf8'), 'run: ').replace('-p eslint-plugin-connection-leaks ', `-p ${tarball} `);
        const inputs = { CONNECTION_LEAKS_PATHS: 'src', CONNECTION_LEAKS_ARGS: '' };
        expectExit(folder, LEAK, line, 1, inputs, (out) => /^::error file=src\/service\.ts,line=6,.*title=connection-leaks\/require-release::/m.test(out));
        expectExit(folder, MENDED, line, 0, inputs, (out) => !out.includes('::error'));
      },
    },
    {
      name: 'GitHub: SARIF',
      run(folder) {
        const line = textAfter(page, '- run: ');
        const log = (): string => readFileSync(join(folder, 'connection-leaks.sarif'), 'utf8');
        expectExit(folder, LEAK, line, 0, {}, () => validateSarif(log()).length === 0 && log().includes('codeFlows'));
        expectExit(folder, MENDED, line, 0, {}, () => validateSarif(log()).length === 0 && !log().includes('codeFlows'));
      },
    },
    {
      name: 'GitLab',
      run(folder) {
        const line = textAfter(page, 'script: ');
        const issues = (): object[] => JSON.parse(readFileSync(join(folder, 'gl-code-quality-report.json'), 'utf8')) as object[];
        expectExit(folder, LEAK, line, 1, {}, () => issues().length === 1);
        expectExit(folder, MENDED, line, 0, {}, () => issues().length === 0);
      },
    },
  ];
}

/** The rest of the first line that has `start`. */
function textAfter(text: string, start: string): string {
  const line = text.split('\n').find((one) => one.trimStart().startsWith(start));
  if (line === undefined) throw new Error(`no line begins with "${start}"`);
  return line.trimStart().slice(start.length);
}

/** Runs a line with the shell options that GitHub's runner sets. */
function expectExit(folder: string, source: string, line: string, exitCode: number, env: Readonly<Record<string, string>>, isRight: (out: string) => boolean): void {
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'src/service.ts'), source);
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', line], { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
  if (status !== exitCode) throw new Error(`"${line}" ended with ${String(status)}, not ${String(exitCode)}:\n${stdout}${stderr}`);
  if (!isRight(stdout)) throw new Error(`"${line}" printed something else:\n${stdout}${stderr}`);
}
