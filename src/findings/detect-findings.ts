/** Outcomes to findings: one detector per kind. An acquisition gets at most one leak finding, the one that explains it best. */
import type { OwedExit, SiteOutcome } from '../analysis/analyse-program.ts';
import type { Misuse } from '../analysis/run.ts';
import type { Arrival } from '../analysis/solver.ts';
import type { Variable } from '../bindings/scope-index.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { Site } from '../domain/obligation.ts';
import type { TypeRow } from '../drivers/driver.ts';
import type { Node } from '../syntax/estree.ts';
import { patternPath } from '../syntax/pattern-path.ts';
import { capitalised } from './capitalised.ts';
import { describeDoubleRelease, describeLeak, describeUseAfterRelease } from './describe-finding.ts';
import { endingWords } from './ending-words.ts';
import type { DoubleReleaseFinding, Finding, HistoryStep, LeakCause, LeakFinding, SiteVerdict, StoredFinding, UseAfterReleaseFinding } from './finding.ts';
import { causeOf, type Explanation } from './leak-cause.ts';
import { describeStored } from './describe-stored.ts';
import { conditionOf } from './misuse-condition.ts';
import type { HandleName } from './spell-call.ts';
import { historyOf, isInCallback, isNeverKept, lostAt, preparedOn, releaseOn, traceOf, type Move, type Trace } from './trace-history.ts';
import { wayOutOf } from './way-out.ts';
import { excerpt } from '../syntax/excerpt.ts';

/** The findings of one site. `text` is the source of the file. */
export function detectFindings(outcome: SiteOutcome, text: string): Finding[] {
  // What is kept for good is not called unreleased as well.
  const first = detectStored(outcome, text) ?? detectLeak(outcome, text);
  return [...(first ? [first] : []), ...detectMisuses(outcome, text)];
}

/** What became of the site. */
export function verdictOf(outcome: SiteOutcome): SiteVerdict {
  const { acquisition } = outcome.site ?? {};
  const common = { node: outcome.node, path: acquisition?.path, evidence: acquisition?.evidence, evidenceFile: acquisition?.evidenceFile };
  if (outcome.owed.length > 0 && mayStayOpen(outcome)) return { ...common, verdict: 'unknown', reason: 'may stay' };
  if (outcome.owed.some((exit) => exit.arrival.state.exact)) return { ...common, verdict: 'leak', reason: undefined };
  const unknown = outcome.settlements.find((settlement) => settlement.kind === 'unknown');
  if (unknown !== undefined) return { ...common, verdict: 'unknown', reason: unknown.why };
  if (outcome.owed.length > 0) return { ...common, verdict: 'unknown', reason: 'disjunct bound' };
  const transferred = outcome.settlements.find((settlement) => settlement.kind === 'transferred');
  return { ...common, verdict: 'safe', reason: transferred?.to };
}

function detectStored({ site, keeping }: SiteOutcome, text: string): StoredFinding | undefined {
  if (site === undefined || keeping === undefined) return undefined;
  const { type, path, evidence, evidenceFile } = site.acquisition;
  const handle = `the ${type.noun}`;
  return {
    kind: 'stored', node: site.node, acquisition: site.node, path, evidence, evidenceFile, handle, noun: type.noun,
    store: keeping.node, isDedicated: keeping.isDedicated,
    message: describeStored({ type, acquisition: site.node, keeping, text }),
    history: [
      { event: 'acquired', node: site.node, text: `acquired by ${excerpt(site.node, text)}` },
      { event: 'stored', node: keeping.node, text: `kept by ${excerpt(keeping.node, text)}` },
    ],
  };
}

/** The path on which a site is not given back that explains it best. */
export interface LeakExplanation {
  readonly site: Site;
  readonly exit: OwedExit;
  readonly trace: Trace;
  readonly cause: LeakCause;
  /** The expression that names the handle, when it is kept in a variable; and what a message calls it. */
  readonly name: HandleName | undefined;
  readonly handle: string;
  readonly extent: 'never' | 'some paths';
  readonly history: HistoryStep[];
}

/** Explains the leak of a site, where it is certain. */
export function explainLeak(outcome: SiteOutcome, text: string): LeakExplanation | undefined {
  const owed = outcome.owed.filter((exit) => exit.arrival.state.exact);
  const { site } = outcome;
  if (site === undefined || owed.length === 0 || outcome.keeper?.keepsForGood === true) return undefined;
  const { exit, trace, cause } = chooseExit(owed, site.node, outcome.insideOf);
  if (mayStayOpen(outcome)) return undefined;
  const name = handleName(trace, site.acquisition.type);
  const handle = name === undefined ? `the ${site.acquisition.type.noun}` : `\`${name.name}\``;
  const words = endingWords(site.acquisition.type);
  const last = cause.kind === 'stop'
    ? { event: 'stopped' as const, node: cause.node, text: 'the consumer stops here' }
    : { event: 'ends' as const, node: undefined, text: exit.exit === 'throw' ? 'leaves with the error' : `leaves ${words.leaves}` };
  const extent = isNeverReleased(outcome) ? 'never' : 'some paths';
  const decisive = extent === 'never' ? undefined : decisiveOf(cause, lostAt(trace));
  return { site, exit, trace, cause, name, handle, extent, history: historyOf(trace, site.node, words, text, last, decisive) };
}

function detectLeak(outcome: SiteOutcome, text: string): LeakFinding | undefined {
  const explained = explainLeak(outcome, text);
  if (explained === undefined) return undefined;
  const { site, exit, trace, cause, name, handle, extent, history } = explained;
  const lost = lostAt(trace);
  // Where others have it, it was lost on the way: `Promise.all` was rejected.
  const kept = extent === 'some paths' || !isNeverKept(trace);
  const wayOut = wayOutOf(outcome, trace, cause, exit, name !== undefined);
  const message = capitalised(describeLeak({
    handle, name, acquisition: site.acquisition, node: site.node, cause, extent, wayOut, lost, kept, unit: trace.graph.unit, text,
    prepared: preparedOn(trace, site.acquisition.type), closer: outcome.keeper?.closer,
  }));
  return {
    kind: 'leak', node: site.node, acquisition: site.node, path: site.acquisition.path, evidence: site.acquisition.evidence, evidenceFile: site.acquisition.evidenceFile,
    handle, noun: site.acquisition.type.noun, message, cause, wayOut, extent, lost, origin: site.origin, history,
  };
}

/** The test that the message names. */
function decisiveOf(cause: LeakCause, lost: Node | undefined): Node | undefined {
  if (cause.kind === 'throws') return cause.and?.node;
  return cause.kind === 'branch' && lost === undefined ? cause.node : undefined;
}

/**
 * Whether the resource is one that may be kept for good, and the code may mean that: it never gives it back, or ends on some path without doing so although
 * nothing was thrown there.
 */
function mayStayOpen({ site, owed, released, insideOf }: SiteOutcome): boolean {
  if (site?.acquisition.type.mayStay !== true) return false;
  return !released || owed.some((exit) => explain(exit, site.node, insideOf).cause.kind !== 'throws');
}

/** Nothing on any path gives the resource back or on. */
function isNeverReleased(outcome: SiteOutcome): boolean {
  return outcome.settlements.length === 0 && !outcome.released;
}

interface Explained extends Explanation {
  readonly exit: OwedExit;
  readonly trace: Trace;
  /** How good an explanation it is: 0 is the best. */
  readonly rank: number;
}

/**
 * The exit that explains best: a normal one before a thrown one, of those what is awaited before what only computes something, that
 * before what hardly ever throws, the earliest cause in the source, and the path with the fewest throws.
 */
function chooseExit(owed: readonly OwedExit[], acquisition: Node, insideOf: SiteOutcome['insideOf']): Explained {
  const explained = owed.map((exit) => explain(exit, acquisition, insideOf));
  // The end of a function comes behind all that stands in it.
  const position = ({ cause }: Explained): number => (cause.kind === 'end' ? cause.node.range[1] : cause.node.range[0]);
  const throwsOf = ({ trace }: Explained): number => trace.moves.filter((move) => move.edge === 'thrown').length;
  explained.sort((left, right) => left.rank - right.rank || position(left) - position(right) || throwsOf(left) - throwsOf(right));
  return explained[0]!;
}

/** How the path came to the exit. Of several throws that lead there alike, the one that is most likely to happen. */
function explain(exit: OwedExit, acquisition: Node, insideOf: SiteOutcome['insideOf']): Explained {
  const first = explainPath(exit, acquisition, exit.arrival, insideOf);
  const reached = first.thrower?.arrival;
  if (reached === undefined || first.rank <= REJECTED) return first;
  const others = exit.alike(reached).map((other) => explainPath(exit, acquisition, rejoin(exit.arrival, reached, other), insideOf));
  return others.reduce((best, one) => (one.rank < best.rank ? one : best), first);
}

function explainPath(exit: OwedExit, acquisition: Node, arrival: Arrival<Disjunct>, insideOf: SiteOutcome['insideOf']): Explained {
  const trace = traceOf(arrival, exit.graph, insideOf);
  const explanation = causeOf(trace, exit, acquisition);
  return { exit, trace, ...explanation, rank: rankOf(explanation) };
}

/** The path to `arrival`, but for its way to the point where `from` arrives: that of `to`, which says the same. */
function rejoin(arrival: Arrival<Disjunct>, from: Arrival<Disjunct>, to: Arrival<Disjunct>): Arrival<Disjunct> {
  const steps: Arrival<Disjunct>[] = [];
  for (let step: Arrival<Disjunct> | undefined = arrival; step !== undefined && step !== from; step = step.from) steps.push(step);
  // What a step leaves as it is stays the same object.
  return steps.reduceRight((before, step) => ({ ...step, state: step.state === from.state ? to.state : step.state, from: before }), to);
}

const REJECTED = 1;

function rankOf({ cause, thrower }: Explanation): number {
  if (cause.kind !== 'throws' && cause.kind !== 'not-disposable') return 0;
  const { node } = cause;
  if (thrower?.rejected !== undefined || thrower?.instruction.op === 'return' || isAwaited(node) || node.type === 'ThrowStatement') return REJECTED;
  // An object is made, a list is gone through, a scope is left: that hardly ever throws.
  return node.type === 'NewExpression' || node.type === 'ForOfStatement' || node.type === 'VariableDeclarator' ? 3 : 2;
}

function isAwaited(node: Node): boolean {
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) return true;
  let { parent } = node;
  while (parent && (parent.type === 'ChainExpression' || parent.type.startsWith('TS'))) parent = parent.parent;
  return parent?.type === 'AwaitExpression';
}

/** The name of the first variable that held the resource on the path. */
function handleName(trace: Trace, type: TypeRow): HandleName | undefined {
  for (const move of trace.moves) {
    for (const alias of move.after.aliases) {
      const root = alias.root as { name?: unknown; defs?: unknown };
      if (!Array.isArray(root.defs) || typeof root.name !== 'string' || alias.role === 'releaser' || alias.role === 'bound' || isView(alias.root as Variable, type)) continue;
      // Of a list, nobody would call release.
      if (!/\.(?:\?|\d)/.test(alias.path)) return { name: root.name + (alias.path.includes('.@') ? '' : alias.path), isPromise: alias.role === 'promise' };
    }
  }
  return undefined;
}

/** Whether the variable was given a property that works on the resource and has no release of its own: `const { manager } = runner`. */
function isView(variable: Variable, type: TypeRow): boolean {
  const [definition] = variable.defs;
  const name = definition && /[^.]*$/.exec(patternPath(definition.name) ?? '')?.[0];
  return name !== undefined && Object.entries(type.members).some(([member, { effect }]) => member === name && effect === 'self');
}

function detectMisuses(outcome: SiteOutcome, text: string): (DoubleReleaseFinding | UseAfterReleaseFinding)[] {
  const { site } = outcome;
  if (site === undefined) return [];
  const found: (DoubleReleaseFinding | UseAfterReleaseFinding)[] = [];
  for (const misuse of outcome.misuses) {
    if (!misuse.state.exact || found.some((one) => one.node === misuse.node && one.kind === misuse.kind)) continue;
    const trace = misuse.arrival && traceOf(misuse.arrival, misuse.graph, outcome.insideOf);
    const first = trace && releaseOn(trace);
    if (trace === undefined || first === undefined) continue;
    found.push(misuseFinding(misuse, trace, first, site, text));
  }
  return found;
}

function misuseFinding(
  misuse: Misuse,
  trace: Trace,
  release: Move,
  site: NonNullable<SiteOutcome['site']>,
  text: string,
): DoubleReleaseFinding | UseAfterReleaseFinding {
  const { type } = site.acquisition;
  const name = handleName(trace, type);
  const handle = name === undefined ? `the ${type.noun}` : `\`${name.name}\``;
  const last = { event: 'misused' as const, node: misuse.node, text: misuse.kind === 'double-release' ? `${endingWords(type).done} again` : 'used' };
  const first = release.instruction.node;
  const condition = conditionOf(trace, release, misuse.node);
  const common = {
    node: misuse.node, acquisition: site.node, path: site.acquisition.path, evidence: site.acquisition.evidence, evidenceFile: site.acquisition.evidenceFile,
    handle, noun: type.noun, first, condition, history: historyOf(trace, site.node, endingWords(type), text, last, condition?.kind === 'branch' ? condition.node : undefined),
  };
  if (misuse.kind === 'double-release') {
    const message = capitalised(describeDoubleRelease({
      again: misuse.again, type, handle, first, second: misuse.node, condition, inCallback: isInCallback(trace, misuse.node), text,
    }));
    return { ...common, kind: 'double-release', message };
  }
  const message = capitalised(describeUseAfterRelease({ type, handle, use: misuse.node, first, condition, text }));
  return { ...common, kind: 'use-after-release', message };
}

