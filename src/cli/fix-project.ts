/** Applies what the rules offer: fixes, and where they are asked for the suggestions, which ESLint itself applies nowhere but in an editor. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createTwoFilesPatch } from 'diff';
import type { LintEngine, LintMessage, LintResult, TextEdit } from './load-tools.ts';
import { relativeFile } from './relative-file.ts';
import { openEngines, isOurs, type ScanInput } from './scan-project.ts';

export interface FixInput extends Pick<ScanInput, 'cwd' | 'paths' | 'code'> {
  /** Whether suggestions are applied as well, the first one of each finding. */
  readonly suggestions: boolean;
  /** Only findings of these rules, by name with the prefix; empty: of all. */
  readonly rules: readonly string[];
  /** Nothing is written. */
  readonly dryRun: boolean;
}

/** What became of a file. */
export interface FixedFile {
  readonly file: string;
  /** How many edits were made in it. */
  readonly edits: number;
  /** The change, as a unified diff. */
  readonly diff: string;
}

export interface FixOutcome {
  readonly files: readonly FixedFile[];
  /** Findings that are left, of the rules that were asked for. */
  readonly left: number;
}

/** An edit may make room for another one in the same place; this many times is enough for what lies in each other. */
const MAX_PASSES = 10;

/** Applies the edits, and writes the files unless it is a dry run. Throws what `scanProject` throws. */
export async function fixProject(input: FixInput): Promise<FixOutcome> {
  const files: FixedFile[] = [];
  let left = 0;
  for (const { engine, paths } of await openEngines(input)) {
    for (const result of await engine.lintFiles(paths)) {
      const wanted = wantedOf(result, input);
      if (wanted.length === 0) continue;
      const before = readFileSync(result.filePath, 'utf8');
      const fixed = await fixText(engine, result.filePath, before, wanted, input);
      left += fixed.left;
      if (fixed.edits === 0) continue;
      const name = relativeFile(result.filePath, input.cwd);
      files.push({ file: result.filePath, edits: fixed.edits, diff: createTwoFilesPatch(`a/${name}`, `b/${name}`, before, fixed.text, '', '', { context: 3 }) });
      if (!input.dryRun) writeFileSync(result.filePath, fixed.text);
    }
  }
  return { files, left };
}

function wantedOf({ messages }: LintResult, { rules }: FixInput): LintMessage[] {
  return messages.filter((message) => isOurs(message) && (rules.length === 0 || rules.includes(message.ruleId!)));
}

async function fixText(engine: LintEngine, filePath: string, before: string, found: LintMessage[], input: FixInput): Promise<{ text: string; edits: number; left: number }> {
  let text = before;
  let messages = found;
  let edits = 0;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const chosen = withoutOverlaps(messages.flatMap((message) => editOf(message, input.suggestions) ?? []));
    if (chosen.length === 0) break;
    text = applyEdits(text, chosen);
    edits += chosen.length;
    const [result] = await engine.lintText(text, { filePath });
    messages = result === undefined ? [] : wantedOf(result, input);
  }
  return { text, edits, left: messages.length };
}

function editOf({ fix, suggestions }: LintMessage, takesSuggestions: boolean): TextEdit | undefined {
  return fix ?? (takesSuggestions ? suggestions?.[0]?.fix : undefined);
}

/** The edits in the order of the text; of those that overlap, the first. */
function withoutOverlaps(edits: readonly TextEdit[]): TextEdit[] {
  const chosen: TextEdit[] = [];
  for (const edit of [...edits].sort((left, right) => left.range[0] - right.range[0])) {
    const last = chosen.at(-1);
    if (last === undefined || edit.range[0] > last.range[1]) chosen.push(edit);
  }
  return chosen;
}

function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return edits.reduceRight((result, { range: [start, end], text: inserted }) => result.slice(0, start) + inserted + result.slice(end), text);
}
