import type { ESLint, Linter } from 'eslint';
import { stripAnnotations } from './annotate.ts';
import { lintMessages } from './lint-fixture.ts';
import { parseFixture, type Fixture } from './parse-fixture.ts';

/** Whether a file beside the fixture (`.fixed`) shows what it becomes. */
export function showsFixes(path: string): boolean {
  return path.startsWith('fixes/') || path.startsWith('other-files/fixed-');
}

/** ESLint stops after as many passes. */
const MAX_PASSES = 10;

/** One edit that ESLint offers. */
export interface OfferedEdit {
  readonly message: Linter.LintMessage;
  readonly kind: 'fix' | 'suggestion';
  /** What a suggestion says of itself. */
  readonly title?: string;
  readonly text: string;
}

/** What a fixture becomes when ESLint fixes it, without annotations; and then by one suggestion after the other, the first of each report. */
export function fixFixture(fixture: Fixture, plugin: ESLint.Plugin): { readonly fixed: string; readonly suggested: string } {
  let text = stripAnnotations(fixture.text);
  for (let pass = 0; ; pass++) {
    const next = fixOnce(parseFixture(fixture.path, text), plugin);
    if (next === text) break;
    if (pass > MAX_PASSES) throw new Error(`${fixture.path}: the fixes do not come to an end`);
    text = next;
  }
  const fixed = text;
  for (let count = 0; count < 100; count++) {
    const offered = offeredEdits(parseFixture(fixture.path, text), plugin).find(({ kind }) => kind === 'suggestion');
    if (offered === undefined) return { fixed, suggested: text };
    text = offered.text;
  }
  throw new Error(`${fixture.path}: the suggestions do not come to an end`);
}

const known = new WeakMap<ESLint.Plugin, Map<string, readonly Linter.LintMessage[]>>();

/** What is said of a fixture; of the same text the same, which is asked several times. */
export function messagesOf(fixture: Fixture, plugin: ESLint.Plugin): readonly Linter.LintMessage[] {
  let ofPlugin = known.get(plugin);
  if (ofPlugin === undefined) known.set(plugin, (ofPlugin = new Map()));
  const key = `${fixture.path}\0${fixture.text}`;
  let messages = ofPlugin.get(key);
  if (messages === undefined) ofPlugin.set(key, (messages = lintMessages(fixture, fixture.text, plugin)));
  return messages;
}

/** One pass of ESLint's: all fixes that do not overlap. */
function fixOnce(fixture: Fixture, plugin: ESLint.Plugin): string {
  const fixes = messagesOf(fixture, plugin).flatMap(({ fix }) => fix ?? []).sort((left, right) => left.range[0] - right.range[0]);
  let result = '';
  let from = 0;
  for (const { range, text } of fixes) {
    if (range[0] < from) continue;
    result += fixture.text.slice(from, range[0]) + text;
    from = range[1];
  }
  return result + fixture.text.slice(from);
}

/** Each fix and suggestion, applied alone. */
export function offeredEdits(fixture: Fixture, plugin: ESLint.Plugin): OfferedEdit[] {
  const apply = ({ range, text }: { readonly range: readonly [number, number]; readonly text: string }): string => fixture.text.slice(0, range[0]) + text + fixture.text.slice(range[1]);
  return messagesOf(fixture, plugin).flatMap((message) => [
    ...(message.fix ? [{ message, kind: 'fix' as const, text: apply(message.fix) }] : []),
    ...(message.suggestions ?? []).map(({ fix, desc }) => ({ message, kind: 'suggestion' as const, title: desc, text: apply(fix) })),
  ]);
}
