import { isOneOffFile } from '../../src/rule/is-one-off-file.ts';
import type { EvaluatedFinding } from './evaluate-file.ts';

/** One finding read by hand: a place in a public repository, and whether the finding is right; never its code. */
export interface Judgement {
  readonly repo: string;
  /** The commit that was read, abbreviated to ten digits. */
  readonly commit: string;
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly verdict: 'right' | 'debatable' | 'wrong';
  /** Whether the sentence blames the right thing and advises something useful. */
  readonly wording: 'ok' | 'bad';
  /** The reason in a few words of our own. */
  readonly why: string;
}

/** A finding in a file of a repository. */
export interface PlacedFinding extends Pick<EvaluatedFinding, 'line' | 'rule' | 'runsOnce'> {
  readonly repo: string;
  readonly file: string;
}

/** Whether the rules report the finding by default: it lies in no test, script, migration or seed, and in no script that ends what it opened. */
export function isInProduction({ file, runsOnce }: PlacedFinding): boolean {
  return !runsOnce && !isOneOffFile(`/repository/${file}`, '/repository');
}

/** The findings in production code by verdict, for each rule and each repository, as lines of Markdown; then those that nobody read yet, and the wrong ones. */
export function describeJudgements(findings: readonly PlacedFinding[], judgements: readonly Judgement[]): string[] {
  const judged = new Map(judgements.map((one) => [keyOf(one), one]));
  const production = findings.filter(isInProduction);
  const verdictOf = (finding: PlacedFinding): string => judged.get(keyOf(finding))?.verdict ?? 'not read';
  const columns = ['right', 'debatable', 'wrong', 'not read'];
  const row = (name: string, of: readonly PlacedFinding[]): string =>
    `| ${name} | ${String(of.length)} | ${columns.map((verdict) => String(of.filter((one) => verdictOf(one) === verdict).length)).join(' | ')} |`;
  const repositories = [...new Set(production.map(({ repo }) => repo))];
  const rules = [...new Set(production.map(({ rule }) => rule))].sort();
  const head = (name: string): string[] => [`| ${name} | findings | ${columns.join(' | ')} |`, `|---|---|${columns.map(() => '---|').join('')}`];
  const list = (verdict: string): string[] => production.filter((one) => verdictOf(one) === verdict).map((one) => `- ${verdict}: ${one.repo} ${one.file}:${String(one.line)} ${one.rule}`);
  return [
    `${String(findings.length)} findings, ${String(production.length)} of them in production code`,
    '',
    ...head('rule'),
    ...rules.map((rule) => row(`\`${rule}\``, production.filter((one) => one.rule === rule))),
    '',
    ...head('repository'),
    ...repositories.map((repo) => row(repo, production.filter((one) => one.repo === repo))),
    row('all', production),
    '',
    ...list('wrong'),
    ...list('not read'),
  ];
}

function keyOf({ repo, file, line, rule }: Pick<Judgement, 'repo' | 'file' | 'line' | 'rule'>): string {
  return `${repo} ${file}:${String(line)} ${rule}`;
}
