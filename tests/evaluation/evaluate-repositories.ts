/**
 * Runs the engine over a folder of repositories and prints what it finds.
 *
 *     npm run evaluate -- <folder> [--only name] [--production] [--labels sites.json] [--json out.json] [--everything]
 *
 * Each folder directly below `<folder>` is one repository; `owner+name` stands for `owner/name` in the labels. Sites judged by
 * hand are compared: those of `labels.json` beside this file, or of the file that `--labels` names (docs/evaluation.md). So are the findings
 * with `judged.json`: what is in production code and was not read yet is listed.
 * `--only` takes repositories whose name matches the pattern; `--production` leaves out files that the rules say nothing about by default (tests, scripts, …).
 * `--everything` analyses also the files that the rules skip after a look at their text. Exit code 1 when the engine throws on a file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isOneOffFile } from '../../src/rule/is-one-off-file.ts';
import { describeJudgements, type Judgement } from './compare-judgements.ts';
import { compareLabel, describeComparisons, type Label } from './compare-labels.ts';
import { evaluateFile, type EvaluatedFinding, type EvaluatedSite } from './evaluate-file.ts';
import { findRepositories, findSourceFiles } from './find-source-files.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    labels: { type: 'string', default: fileURLToPath(new URL('labels.json', import.meta.url)) },
    json: { type: 'string' },
    production: { type: 'boolean', default: false },
    everything: { type: 'boolean', default: false },
  },
});
const [folder] = positionals;
if (folder === undefined || positionals.length > 1) throw new Error('name one folder that holds the repositories: npm run evaluate -- <folder>');

interface RepositoryResult {
  readonly name: string;
  files: number;
  analysed: number;
  readonly sites: Map<string, readonly EvaluatedSite[]>;
  readonly findings: (EvaluatedFinding & { readonly file: string })[];
  readonly unparsable: string[];
  readonly crashes: string[];
}

const started = performance.now();
let engineTime = 0;
let slowest = { milliseconds: 0, file: '' };

function evaluateRepository(root: string, name: string): RepositoryResult {
  const result: RepositoryResult = { name, files: 0, analysed: 0, sites: new Map(), findings: [], unparsable: [], crashes: [] };
  const home = join(root, name);
  for (const path of findSourceFiles(home)) {
    result.files++;
    if (values.production && isOneOffFile(path, home)) continue;
    const file = relative(home, path).split(sep).join('/');
    const outcome = evaluateFile(path, readFileSync(path, 'utf8'), home, values.everything);
    if (outcome.kind === 'unparsable') result.unparsable.push(`${file}: ${outcome.error}`);
    if (outcome.kind === 'crash') result.crashes.push(`${file}: ${outcome.error}`);
    if (outcome.kind !== 'analysed') continue;
    result.analysed++;
    engineTime += outcome.milliseconds;
    if (outcome.milliseconds > slowest.milliseconds) slowest = { milliseconds: outcome.milliseconds, file: `${name}/${file}` };
    if (outcome.sites.length > 0) result.sites.set(file, outcome.sites);
    for (const finding of outcome.findings) result.findings.push({ ...finding, file });
  }
  return result;
}

function printRepository(result: RepositoryResult): void {
  const sites = [...result.sites.values()].flat();
  if (sites.length + result.findings.length + result.crashes.length === 0) return;
  const count = (verdict: string): number => sites.filter((site) => site.verdict === verdict).length;
  console.log(
    `\n${result.name}: ${result.files} files, ${result.analysed} analysed, ${sites.length} sites ` +
      `(${count('leak')} leak, ${count('safe')} safe, ${count('unknown')} unknown), ${result.findings.length} findings`,
  );
  for (const finding of result.findings) {
    console.log(`  ${finding.file}:${finding.line}:${finding.column} ${finding.rule} [${finding.api}; ${finding.evidence}]`);
    console.log(`    ${finding.message}`);
    console.log(`    ${finding.path}`);
  }
  for (const crash of result.crashes) console.log(`  CRASH ${crash}`);
}

const results: RepositoryResult[] = [];
for (const name of findRepositories(folder)) {
  if (values.only !== undefined && !new RegExp(values.only).test(name)) continue;
  const result = evaluateRepository(folder, name);
  results.push(result);
  printRepository(result);
}

const allSites = results.flatMap((result) => [...result.sites.values()].flat());
const byReason = new Map<string, number>();
for (const site of allSites) {
  const key = site.reason === undefined ? site.verdict : `${site.verdict}: ${site.reason}`;
  byReason.set(key, (byReason.get(key) ?? 0) + 1);
}
const sum = (of: (result: RepositoryResult) => number): number => results.reduce((total, result) => total + of(result), 0);
console.log(`\n${results.length} repositories, ${sum((one) => one.files)} files, ${sum((one) => one.analysed)} analysed, ${allSites.length} sites`);
for (const [key, count] of [...byReason].sort((a, b) => b[1] - a[1])) console.log(`  ${String(count).padStart(6)} ${key}`);
const byRule = new Map<string, number>();
for (const finding of results.flatMap((result) => result.findings)) byRule.set(finding.rule, (byRule.get(finding.rule) ?? 0) + 1);
console.log(`findings: ${[...byRule].map(([rule, count]) => `${count} ${rule}`).join(', ') || 'none'}`);
console.log(`unparsable files: ${sum((one) => one.unparsable.length)}`);
for (const result of results) for (const one of result.unparsable) console.log(`  ${result.name}/${one}`);
console.log(`crashes: ${sum((one) => one.crashes.length)}`);
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
console.log(`time: ${seconds(performance.now() - started)}, of which the engine ${seconds(engineTime)}; slowest file ${seconds(slowest.milliseconds)} ${slowest.file}`);

const known = new Map(results.map((result) => [result.name.replace('+', '/'), result]));
const labels = (JSON.parse(readFileSync(values.labels, 'utf8')) as Label[]).filter((label) => known.has(label.repo));
const comparisons = labels.map((label) => compareLabel(label, known.get(label.repo)?.sites.get(label.file) ?? []));
console.log(`\n${labels.length} labelled sites`);
console.log(describeComparisons(comparisons).join('\n'));
const judgements = JSON.parse(readFileSync(new URL('judged.json', import.meta.url), 'utf8')) as Judgement[];
const placed = results.flatMap(({ name, findings }) => findings.map((finding) => ({ ...finding, repo: name.replace('+', '/') })));
console.log(`\n${describeJudgements(placed, judgements).join('\n')}`);
if (values.json !== undefined) {
  const plain = results.map((result) => ({ ...result, sites: Object.fromEntries(result.sites) }));
  writeFileSync(values.json, `${JSON.stringify(plain, null, 1)}\n`);
}
if (results.some((result) => result.crashes.length > 0)) process.exitCode = 1;
