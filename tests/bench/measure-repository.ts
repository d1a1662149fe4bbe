/** What the recommended preset adds to a lint of a whole repository: its project is read, and its files are linted once, in a process of its own. */
import { execFileSync } from 'node:child_process';
import type { Subject } from './build-subject.ts';
import { median } from './interleave.ts';
import type { RepositoryLint } from './lint-repository-in-child.ts';
import type { LintCost } from './measure-lint.ts';

export interface RepositoryCost {
  readonly files: number;
  readonly reports: number;
  readonly time: LintCost;
  readonly memory: LintCost;
}

/** Lints `directory` by turns with the rule that does nothing, the preset, and the rule that does nothing again; the ratios are those of the medians. */
export function measureRepository({ repositoryChildPath, pluginPath }: Subject, directory: string, rounds: number): RepositoryCost {
  const lint = (plugin: string): RepositoryLint =>
    JSON.parse(execFileSync(process.execPath, [repositoryChildPath, directory, plugin], { encoding: 'utf8', maxBuffer: 2 ** 26 })) as RepositoryLint;
  const baseline: RepositoryLint[] = [];
  const preset: RepositoryLint[] = [];
  const control: RepositoryLint[] = [];
  for (let round = 0; round < rounds; round++) {
    baseline.push(lint('nothing'));
    preset.push(lint(pluginPath));
    control.push(lint('nothing'));
  }
  const cost = (of: (one: RepositoryLint) => number): LintCost => ({
    ratio: median(preset.map(of)) / median([...baseline, ...control].map(of)),
    control: median(control.map(of)) / median(baseline.map(of)),
  });
  return { files: preset[0]!.files, reports: preset[0]!.reports, time: cost(({ time }) => time), memory: cost(({ memory }) => memory) };
}
