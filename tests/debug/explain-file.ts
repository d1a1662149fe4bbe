/**
 * What the engine makes of a file: `npm run explain -- <file> [--graph]` prints every acquisition with its verdict, why, and the history
 * of each finding; with `--graph` the graph of each function that acquires, and what is known at each point.
 */
import { readFileSync } from 'node:fs';
import { AnalysisContext } from '../../src/analysis/analysis-context.ts';
import { analyseProgramModel, type SiteOutcome } from '../../src/analysis/analyse-program.ts';
import { findAcquisitionCalls } from '../../src/analysis/acquisition-calls.ts';
import { acquiringInstructions, factsBefore, startsAfter } from '../../src/analysis/hand-outs.ts';
import type { ProgramModel } from '../../src/analysis/program-model.ts';
import { printRun } from '../../src/analysis/print-run.ts';
import { Run } from '../../src/analysis/run.ts';
import { START } from '../../src/domain/disjunct.ts';
import { detectFindings, verdictOf } from '../../src/findings/detect-findings.ts';
import { printHistory } from '../../src/findings/print-history.ts';
import { excerpt } from '../../src/syntax/excerpt.ts';
import { modelOfSource } from '../model-of-source.ts';
import { placeOfFile } from '../place-of-file.ts';

/** The explanation of a file as text; calls into other files of its project are followed where the file exists. */
export function explainFile(path: string, text: string, withGraph: boolean): string {
  const model = modelOfSource(text, { sourceType: /\.c[jt]s$/.test(path) ? 'commonjs' : 'module', jsx: !/\.[cm]?ts$/.test(path), place: placeOfFile(path) });
  const outcomes = analyseProgramModel(model);
  const parts = outcomes.length === 0 ? ['no acquisition'] : outcomes.map((outcome) => explainSite(outcome, text));
  if (withGraph) parts.push(...explainRuns(model));
  return parts.join('\n\n');
}

function explainSite(outcome: SiteOutcome, text: string): string {
  const { verdict, reason, path, evidence, evidenceFile, node } = verdictOf(outcome);
  const why = [reason, path, evidence && `by ${evidence}${evidenceFile === undefined ? '' : ` ${evidenceFile}`}`].filter((part) => part !== undefined).join(', ');
  const lines = [`line ${String(node.loc.start.line)}  ${excerpt(node, text)}  ${verdict}${why && ` (${why})`}`];
  for (const finding of detectFindings(outcome, text)) lines.push(`  ${finding.kind}: ${finding.message}`, `  path: ${printHistory(finding)}`);
  return lines.join('\n');
}

/** The runs that follow each acquisition from where it stands; what the pipeline keeps of them is in the outcomes. */
function explainRuns(model: ProgramModel): string[] {
  const context = new AnalysisContext(model);
  const calls = findAcquisitionCalls(model);
  const texts: string[] = [];
  for (const unit of calls.byUnit.keys()) {
    const before = factsBefore(context, unit, START, 0);
    for (const { instruction, call } of acquiringInstructions(context, calls, unit)) {
      const starts = before.arrivalsAt(instruction.id).flatMap(({ state }) => startsAfter(context, calls, instruction, call, state, 0));
      if (starts.length === 0) continue;
      const run = new Run(context, unit, 0).explore(starts);
      texts.push(`after ${excerpt(call.node, model.text)} on line ${String(call.node.loc.start.line)}: ${printRun(run)}`);
    }
  }
  return texts;
}

const [path, ...flags] = process.argv.slice(2);
if (import.meta.filename === process.argv[1]) {
  if (path === undefined || flags.some((flag) => flag !== '--graph')) {
    console.error('usage: npm run explain -- <file> [--graph]');
    process.exitCode = 2;
  } else {
    console.log(explainFile(path, readFileSync(path, 'utf8'), flags.includes('--graph')));
  }
}
