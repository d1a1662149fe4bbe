/**
 * Applies what the engine offers for a program, one plan at a time, and compares all executions before and after.
 *
 * Executions are compared by their choices (which call, the how-manieth time): for every sequence of them the fixed program must make
 * the same choices in the same order, end in the same way with the same value, leak nothing at the site that was edited, and do nothing
 * wrong that the original did not do.
 */
import { applyEdits, type Edit, type EditPlan } from '../../src/fixes/edit-plan.ts';
import type { AnalysedFile } from './engine-judge.ts';
import type { CallSite } from './executor/call-site-table.ts';
import { prepareProgram, type ExecutableProgram, type ExecutionResult } from './executor/executable-program.ts';
import { OpaqueError, type Chooser, type ObservedEvent } from './executor/execution-runtime.ts';
import { choiceKey, DepthFirstChooser, NondeterministicExecution, type Choice } from './executor/ground-truth.ts';

/** A plan, where it stands, and what its program becomes. */
export interface AppliedFix {
  readonly plan: EditPlan;
  /** Offset of the acquiring call in the program. */
  readonly start: number;
  /** The edits of the plan, in the text of the program. */
  readonly edits: readonly Edit[];
  readonly source: string;
}

export interface BrokenFix {
  readonly fix: AppliedFix;
  /** What is different, in one sentence. */
  readonly difference: string;
  readonly entry: string;
  readonly choices: readonly Choice[];
}

export interface FixComparison {
  readonly fixes: readonly AppliedFix[];
  readonly blocked: readonly string[];
  readonly broken: readonly BrokenFix[];
  readonly executions: number;
}

/** The plans for a program, each applied to it alone. */
export function fixesOfProgram(source: string, analysed: readonly AnalysedFile[]): { readonly fixes: AppliedFix[]; readonly blocked: string[] } {
  const fixes: AppliedFix[] = [];
  const blocked: string[] = [];
  for (const { file, analysis } of analysed) {
    for (const finding of [...analysis.findings, ...analysis.manualReleases()]) {
      const answers = analysis.fixesOf(finding);
      for (const plan of answers) {
        if (plan.kind !== 'edits') continue;
        const edits = plan.edits.map(({ range, text }) => ({ range: [range[0] + file.base, range[1] + file.base] as const, text }));
        fixes.push({ plan, start: finding.acquisition.range[0] + file.base, edits, source: applyEdits(source, edits) });
      }
      if (answers.length > 0 && answers.every(({ kind }) => kind === 'blocked')) blocked.push(answers.map((answer) => (answer.kind === 'blocked' ? `${answer.form}: ${answer.reason}` : '')).join(', '));
    }
  }
  return { fixes, blocked };
}

/** Executes a program before and after each plan; at most `maxExecutions` of each entry. */
export async function compareFixes(source: string, analysed: readonly AnalysedFile[], maxExecutions = 300, maxTurns = 2): Promise<FixComparison> {
  const { fixes, blocked } = fixesOfProgram(source, analysed);
  const broken: BrokenFix[] = [];
  let executions = 0;
  const stackTraceLimit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    for (const fix of fixes) {
      const comparison = await compareExecutions(source, fix, maxExecutions, maxTurns);
      executions += comparison.executions;
      if (comparison.broken) broken.push(comparison.broken);
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return { fixes, blocked, broken, executions };
}

async function compareExecutions(source: string, fix: AppliedFix, maxExecutions: number, maxTurns: number): Promise<{ broken: BrokenFix | undefined; executions: number }> {
  const before = prepareProgram(source, maxTurns);
  const prepared = prepareProgram(fix.source, maxTurns);
  const label = before.sites.find(({ start, kind }) => kind === 'call' && start === fix.start)?.label;
  const isScoped = takesCallback(fix.plan);
  const after = { ...prepared, sites: sitesAsBefore(before, prepared, fix.edits, isScoped ? label : undefined) };
  // What a suggestion puts before the beginning of a transaction may come before it. A call with a callback takes more turns than the calls by hand, a single shot fewer:
  // what several promises, or callbacks, do side by side comes in another order then, which nobody may rely on. A `finally` reaction of a chain that nobody waits for is a suggestion.
  const { form, safety } = fix.plan;
  const takesOtherTurns = isScoped || form === 'single shot';
  const isSideBySide = SIDE_BY_SIDE.test(source) || (form === 'single shot' && CALLS_BACK.test(source));
  const isOrdered = !((isScoped || form === 'finally reaction') && safety === 'suggestion') && !(takesOtherTurns && isSideBySide);
  let executions = 0;
  for (const entry of before.entries) {
    const same = after.entries.find(({ name }) => name === entry.name);
    // A function that takes nothing any more is no entry.
    if (!same && fix.plan.form === 'single shot') continue;
    if (!same) return { broken: { fix, difference: `there is no ${entry.name} any more`, entry: entry.name, choices: [] }, executions };
    const path = new DepthFirstChooser();
    for (let count = 0; count < maxExecutions; count++) {
      const first = await before.run(entry, path);
      const choices = choicesOf(before, path);
      const replay = new StrictReplay(expectedChoices(fix, source, before, label, choices), after, isOrdered, isScoped ? label : undefined);
      executions++;
      let second: ExecutionResult | undefined;
      try {
        second = await after.run(same, replay);
      } catch (error) {
        if (!(error instanceof NondeterministicExecution)) throw error;
      }
      const difference = first.end === 'abandoned' || (isScoped && isOtherwiseByDesign(fix, before, label, choices))
        ? undefined
        : differenceOf({ program: before, result: first }, { program: after, result: second }, replay, { label, ends: isScoped ? endsOf(before, fix.edits, label) : new Map<string, string>() }, fix.plan, isSideBySide, choices.filter(({ option }) => option === 1).length);
      if (difference !== undefined) return { broken: { fix, difference, entry: entry.name, choices }, executions };
      if (!path.advance()) break;
    }
    const left = isForMisuse(fix.plan.form) ? await misuseLeft(after, same, fix.plan, label, maxExecutions) : undefined;
    if (left !== undefined) return { broken: { fix, difference: left, entry: entry.name, choices: [] }, executions };
  }
  return { broken: undefined, executions };
}

/** Whether the plan is about a second release, or a use behind it. */
function isForMisuse(form: EditPlan['form']): boolean {
  return form === 'without the second release' || form === 'release later';
}

/** What is still wrong with the releases of the site in some execution of the fixed program, of which the original may have had none like it. */
async function misuseLeft(after: ExecutableProgram, entry: ExecutableProgram['entries'][number], { form }: EditPlan, label: string | undefined, maxExecutions: number): Promise<string | undefined> {
  const path = new DepthFirstChooser();
  for (let count = 0; count < maxExecutions; count++) {
    const result = await after.run(entry, path);
    // One release is taken away; what is used behind it, another edit moves.
    const isWrong = ({ kind, isDoubtful }: ObservedEvent): boolean => !isDoubtful && (form === 'release later' || kind === 'double-release');
    const event = result.end === 'abandoned' ? undefined : result.events.find((one) => isWrong(one) && isAcquiredAt(one, after, label));
    if (event !== undefined) return `there is a ${printEvent(after, event)} in another execution`;
    if (!path.advance()) return undefined;
  }
  return undefined;
}

function isAcquiredAt({ acquiredAt }: ObservedEvent, { sites }: ExecutableProgram, label: string | undefined): boolean {
  return label !== undefined && acquiredAt.some((site) => sites[site]?.label === label);
}

/**
 * The calls of the fixed program by the labels that they had: what a fix adds or takes away must not count. `added`: the label of the call that a fix brings, where
 * that stands for another.
 */
function sitesAsBefore(before: ExecutableProgram, after: ExecutableProgram, edits: readonly Edit[], added?: string): readonly CallSite[] {
  const labels = new Map<string, string>();
  const nameBefore = counted();
  // A link of a chain that goes, or becomes another one.
  const isGone = ({ isReaction, end }: CallSite): boolean => isReaction && edits.some(({ range }) => range[0] < end && end <= range[1] && range[1] === end);
  const placeOf = ({ kind, isReaction, label }: CallSite, start: number | undefined): string => `${kind} ${String(start)}${isReaction ? ` ${nameOf(label)}` : ''}`;
  for (const site of before.sites) if (!isGone(site)) labels.set(nameBefore(placeOf(site, site.start)), site.label);
  const nameAfter = counted();
  return after.sites.map((site) => ({ ...site, label: labels.get(nameAfter(placeOf(site, offsetBefore(site.start, edits)))) ?? added ?? `new ${site.label}` }));
}

/** Tells equal names apart: the calls of a chain all begin where it begins. */
function counted(): (name: string) => string {
  const counts = new Map<string, number>();
  return (name) => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return `${name} ${String(counts.get(name))}`;
  };
}

/** Where what stands at `offset` stood before the edits; undefined for what they brought. */
function offsetBefore(offset: number, edits: readonly Edit[]): number | undefined {
  let shift = 0;
  for (const { range, text } of edits) {
    const start = range[0] + shift;
    if (offset < start) break;
    // What replaces a receiver begins where that did.
    if (offset === start && range[1] > range[0] && text !== '') return range[0];
    if (offset < start + text.length) return undefined;
    shift += text.length - (range[1] - range[0]);
  }
  return offset - shift;
}

/** The choices of an execution, by the calls that made them. */
function choicesOf(program: ExecutableProgram, path: DepthFirstChooser): Choice[] {
  const counts = new Map<string, number>();
  return path.sites.slice(0, path.length).map((site, index) => ({ key: choiceKey(program, site, counts), option: path.taken[index] ?? 0 }));
}

/** Whether the plan makes a callback of what is done with the resource. */
function takesCallback({ form }: Pick<EditPlan, 'form'>): boolean {
  return form === 'scoped callback' || form === 'new scoped callback';
}

/** Promises that are not awaited one by one. */
const SIDE_BY_SIDE = /\bPromise\b|\bvoid\b|\.then\(|setTimeout|nextTick|queueMicrotask|setImmediate|background|forEach\(async/;

/** So are callbacks. */
const CALLS_BACK = /\.(?:connect|getConnection)\((?:async )?(?:function\b|\()/;

/** The name of a call, whichever it is of those with that name. */
function nameOf(label: string): string {
  return label.replace(/@\d+$/, '');
}

/** A choice by the label of its call alone: what comes after what is compared in order. */
interface Step {
  readonly label: string;
  readonly option: number;
}

/** The choices that the fixed program is to make: the same; a single shot fails where the acquisition or the query did. */
function expectedChoices({ plan, edits }: AppliedFix, source: string, before: ExecutableProgram, acquisition: string | undefined, choices: readonly Choice[]): Step[] {
  const steps = choices.map(({ key, option }) => ({ label: key.replace(/#\d+$/, ''), option }));
  if (takesCallback(plan)) {
    // The call with the callback commits; what becomes of its rollback nobody hears.
    const ends = endsOf(before, edits, acquisition);
    return steps.flatMap((step) => (!ends.has(step.label) ? [step] : ends.get(step.label) === 'commit' ? [{ label: acquisition ?? '?', option: step.option }] : []));
  }
  if (isForMisuse(plan.form)) {
    const gone = new Set(before.sites.filter(({ kind, start }) => kind === 'call' && edits.some(({ range }) => range[0] <= start && start < range[1])).map((site) => site.label));
    return steps.filter((step) => !gone.has(step.label));
  }
  if (plan.form !== 'single shot') return steps;
  // The receiver is what is edited; the call may begin before it, with a parenthesis.
  const isReceiver = (start: number, { range, text }: Edit): boolean => text !== '' && start <= range[0] && /^[\s(]*$/.test(source.slice(start, range[0]));
  const query = before.sites.find(({ kind, start }) => kind === 'call' && edits.some((edit) => isReceiver(start, edit)))?.label ?? '?';
  // What told of an acquisition that failed goes; what tells of a query that does is the same call.
  const heirOf = (label: string): string => {
    const gone = before.sites.find((site) => site.label === label && site.kind === 'call' && edits.some(({ range, text }) => text === '' && range[0] <= site.start && site.end <= range[1]));
    return (gone && before.sites.find(({ start, label: other }) => start > gone.start && nameOf(other) === nameOf(label))?.label) ?? label;
  };
  return steps.flatMap((step) => (step.label !== acquisition ? [{ ...step, label: heirOf(step.label) }] : step.option === 1 ? [{ label: query, option: 1 }] : []));
}

/** The calls that the edits take away, and whether they commit. */
function endsOf(before: ExecutableProgram, edits: readonly Edit[], acquisition: string | undefined): ReadonlyMap<string, 'commit' | 'rollback'> {
  const isGone = ({ start, kind, label }: CallSite): boolean => kind === 'call' && label !== acquisition && edits.some(({ range }) => range[0] <= start && start < range[1]);
  return new Map(before.sites.filter(isGone).map(({ label }) => [label, label.startsWith('commit') ? 'commit' : 'rollback']));
}

/**
 * What a suggestion of a scoped callback does in another way, and says so: a transaction that cannot begin is caught by the `catch` clause that it moves into, the error
 * of a rollback does not take the place of the one that it answers to, what left a transaction open commits
 * or rolls it back, and a commit that nobody waited for is waited for.
 */
function isOtherwiseByDesign({ plan, edits }: AppliedFix, before: ExecutableProgram, acquisition: string | undefined, choices: readonly Choice[]): boolean {
  if (plan.safety === 'automatic') return false;
  const ends = endsOf(before, edits, acquisition);
  return choices.some(({ key, option }) => {
    const label = key.replace(/#\d+$/, '');
    return option === 1 && (label === acquisition || ends.get(label) === 'rollback' || (ends.has(label) && before.sites.some((site) => site.label === label && site.isFloating)));
  });
}

/** Makes the same choices again, and notes the first one that is another. */
class StrictReplay implements Chooser {
  difference: string | undefined;
  private readonly left: Step[];
  private readonly counts = new Map<string, number>();

  /** `acquisition`: the call that another may stand for. `isOrdered`: in the same order; else each call in its own, as where several promises go on side by side. */
  constructor(choices: readonly Step[], private readonly program: ExecutableProgram, private readonly isOrdered: boolean, private readonly acquisition?: string) {
    this.left = [...choices];
  }

  choose(site: number, options: number): number {
    const own = choiceKey(this.program, site, this.counts).replace(/#\d+$/, '');
    // A function of the program takes it, by a call of the same name; that may run for others as well, whichever comes first.
    const isLent = this.acquisition !== undefined && nameOf(own) === nameOf(this.acquisition);
    const next = this.isOrdered ? this.left[0] : this.left.find((step) => step.label === own || step.label === this.acquisition);
    const label = isLent && next?.label === this.acquisition ? this.acquisition! : own;
    const index = this.isOrdered ? 0 : this.left.findIndex((step) => step.label === label);
    const [expected] = index < 0 ? [] : this.left.splice(index, 1);
    if (expected?.label !== label) this.difference ??= `comes to ${label} instead of ${expected?.label ?? 'its end'}`;
    return expected?.label === label ? Math.min(expected.option, options - 1) : 0;
  }

  /** Choices that were not made again. */
  get missing(): string | undefined {
    return this.left[0]?.label;
  }
}

interface Executed<Result> {
  readonly program: ExecutableProgram;
  readonly result: Result;
}

function differenceOf(
  before: Executed<ExecutionResult>,
  after: Executed<ExecutionResult | undefined>,
  replay: StrictReplay,
  { label, ends }: { readonly label: string | undefined; readonly ends: ReadonlyMap<string, string> },
  { form, safety }: EditPlan,
  isSideBySide: boolean,
  failures: number,
): string | undefined {
  const { result } = after;
  if (result === undefined) return replay.difference ?? 'cannot be executed';
  const isOfSite = (event: ObservedEvent, program: ExecutableProgram): boolean => isAcquiredAt(event, program, label);
  const had = (kind: ObservedEvent['kind']): boolean => before.result.events.some((event) => event.kind === kind && isOfSite(event, before.program));
  // What waits for a promise that nobody settles, before as after, is no leak.
  const waitedBefore = before.result.events.some((event) => event.kind === 'leak' && event.isDoubtful && isOfSite(event, before.program));
  const isLeak = (event: ObservedEvent): boolean => event.kind === 'leak' && isOfSite(event, after.program) && !(event.isDoubtful && waitedBefore);
  // A release that two acquisitions share goes for both.
  const left = new Set(result.events.map((event) => printEvent(after.program, event)));
  const mended = isForMisuse(form) ? before.result.events.filter((event) => event.kind !== 'leak' && !left.has(printEvent(before.program, event))) : [];
  // Where the code releases twice, or uses what it released, it has a defect of its own: which statements that reaches depends on where the release stands.
  if (had('double-release') || had('use-after-release') || mended.length > 0) {
    if (!isForMisuse(form)) return undefined;
    // That is what the edit is for: the code goes on where the second release threw.
    const leaks = new Set(mended.map((event) => printEvent(before.program, { ...event, kind: 'leak' })));
    const isWrong = (event: ObservedEvent): boolean => {
      if (event.isDoubtful) return false;
      if (!isOfSite(event, after.program)) return leaks.has(printEvent(after.program, event)) && !before.result.events.some(({ kind }) => kind === 'leak');
      return form === 'release later' || event.kind === 'double-release' || (event.kind === 'leak' && !had('leak'));
    };
    const event = result.events.find(isWrong);
    return event && `there is still a ${printEvent(after.program, event)}`;
  }
  // Where it leaked, it releases now, and an `await` of that takes a turn: of promises side by side, another may be settled first, or end the process.
  const isByDesign = takesCallback({ form }) && safety === 'suggestion' && had('leak');
  if (isByDesign || isSideBySide && (had('leak') || before.result.end === 'exit' || result.end === 'exit')) {
    const leak = result.events.find(isLeak);
    // Another release of the same is all that such an edit takes away.
    return leak && !(form === 'without the second release' && had('leak')) ? `still leaks (${printEvent(after.program, leak)})` : undefined;
  }
  if (replay.difference !== undefined) return replay.difference;
  if (replay.missing !== undefined) return `does not come to ${replay.missing}`;
  if (result.end !== before.result.end) return `ends by "${result.end}" instead of "${before.result.end}"`;
  // The acquisition fails as a part of the single shot; of two promises that fail side by side, a turn more or less decides which one is heard.
  const isOwnError = (form === 'single shot' || (isSideBySide && failures > 1)) && result.value instanceof OpaqueError && before.result.value instanceof OpaqueError;
  const [value, original] = isOwnError ? ['', ''] : [printValue(result.value), printValue(errorAfter(before, ends, label))];
  if (value !== original) return `gives ${value} instead of ${original}`;
  const known = new Set(before.result.events.map((event) => printEvent(before.program, event)));
  for (const event of result.events) {
    const name = printEvent(after.program, event);
    if (isLeak(event) && form !== 'without the second release') return `still leaks (${name})`;
    if (!known.has(name) && !event.isDoubtful) return `now there is a ${name}`;
  }
  return undefined;
}

/** What the program ended with; a commit fails as a part of the call with the callback. */
function errorAfter({ result: { value } }: Executed<ExecutionResult>, ends: ReadonlyMap<string, string>, label: string | undefined): unknown {
  return value instanceof OpaqueError && ends.has(value.message) ? new OpaqueError(label ?? '?') : value;
}

/** By the acquisition: a fix moves releases, and the labels of those that remain count them. */
function printEvent({ sites }: ExecutableProgram, { kind, acquiredAt }: ObservedEvent): string {
  return `${kind} of ${acquiredAt.map((site) => sites[site]?.label ?? '?').join(' or ')}`;
}

function printValue(value: unknown): string {
  // What a consumer throws into a generator is named for the last call, which may be a release; and a function of the program may take what the code took itself.
  const printError = ({ name, message }: Error | OpaqueError): string => `${name}: ${nameOf(message)}`;
  if (value instanceof Error || value instanceof OpaqueError) return printError(value);
  if (typeof value === 'function') return 'a function';
  const seen = new Set<unknown>();
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner instanceof Error || inner instanceof OpaqueError) return printError(inner);
    if (typeof inner === 'function') return 'a function';
    if (typeof inner === 'number' && inner > 1e12) return 'a time';
    if (typeof inner !== 'object' || inner === null) return inner;
    if (seen.has(inner)) return 'seen';
    seen.add(inner);
    return inner;
  }) ?? 'undefined';
}
