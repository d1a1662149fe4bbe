/** Outcomes to findings: one detector per kind. An acquisition gets at most one leak finding, the one that explains it best. */
import type { OwedExit, SiteOutcome } from '../analysis/analyse-program.ts';
import type { Misuse } from '../analysis/run.ts';
import type { Node } from '../syntax/estree.ts';
import { describeDoubleRelease, describeLeak, describeUseAfterRelease } from './describe-finding.ts';
import type { DoubleReleaseFinding, Finding, LeakCause, LeakFinding, SiteVerdict, UseAfterReleaseFinding } from './finding.ts';
import { beginsInCallback, causeOf, historyOf, isInCallback, isNeverKept, lostAt, releaseOn, ReleaseWays, traceOf, type Trace } from './trace-history.ts';

/** The findings of one site. `text` is the source of the file. */
export function detectFindings(outcome: SiteOutcome, text: string): Finding[] {
  const leak = detectLeak(outcome, text);
  return [...(leak ? [leak] : []), ...detectMisuses(outcome, text)];
}

/** What became of the site. */
export function verdictOf(outcome: SiteOutcome): SiteVerdict {
  const { acquisition } = outcome.site ?? {};
  const common = { node: outcome.node, path: acquisition?.path, evidence: acquisition?.evidence, evidenceFile: acquisition?.evidenceFile };
  if (outcome.owed.some((exit) => exit.arrival.state.exact)) return { ...common, verdict: 'leak', reason: undefined };
  const unknown = outcome.settlements.find((settlement) => settlement.kind === 'unknown');
  if (unknown !== undefined) return { ...common, verdict: 'unknown', reason: unknown.why };
  if (outcome.owed.length > 0) return { ...common, verdict: 'unknown', reason: 'disjunct bound' };
  const transferred = outcome.settlements.find((settlement) => settlement.kind === 'transferred');
  return { ...common, verdict: 'safe', reason: transferred?.to };
}

function detectLeak(outcome: SiteOutcome, text: string): LeakFinding | undefined {
  const owed = outcome.owed.filter((exit) => exit.arrival.state.exact);
  const { site } = outcome;
  if (site === undefined || owed.length === 0) return undefined;
  const chosen = chooseExit(owed, outcome.insideOf);
  const { trace, cause } = chosen;
  const name = handleName(trace);
  const handle = name === undefined ? `the ${site.acquisition.type.noun}` : `\`${name}\``;
  const lost = lostAt(trace);
  const extent = isNeverReleased(outcome) ? 'never' : 'some paths';
  // Where others have it, it was lost on the way: `Promise.all` was rejected.
  const kept = extent === 'some paths' || !isNeverKept(trace);
  const message = capitalised(describeLeak({
    handle, name, type: site.acquisition.type, acquisition: site.node, cause, extent, lost, kept, unit: trace.graph.unit, text,
    inCallback: beginsInCallback(trace) || isInCallback(trace, cause.node),
  }));
  const last = cause.kind === 'stop'
    ? { event: 'stopped' as const, node: cause.node, text: 'the consumer stops here' }
    : { event: 'ends' as const, node: undefined, text: chosen.exit.exit === 'throw' ? 'leaves with the error' : 'leaves without a release' };
  return {
    kind: 'leak', node: site.node, acquisition: site.node, path: site.acquisition.path, evidence: site.acquisition.evidence, evidenceFile: site.acquisition.evidenceFile,
    handle, noun: site.acquisition.type.noun, message, cause, extent, lost, origin: site.origin, history: historyOf(trace, site.node, text, last),
  };
}

/** Nothing on any path gives the resource back or on. */
function isNeverReleased(outcome: SiteOutcome): boolean {
  return outcome.settlements.length === 0 && !outcome.released;
}

/**
 * The exit that explains best: a normal one before a thrown one, of those what is awaited before what only computes something,
 * and the earliest cause in the source.
 */
function chooseExit(owed: readonly OwedExit[], insideOf: SiteOutcome['insideOf']): { exit: OwedExit; trace: Trace; cause: LeakCause } {
  const ways = new ReleaseWays();
  const explained = owed.map((exit) => {
    const trace = traceOf(exit.arrival, exit.graph, insideOf);
    return { exit, trace, cause: causeOf(trace, exit, ways) };
  });
  const rank = (cause: LeakCause): number => {
    if (cause.kind !== 'throws' && cause.kind !== 'not-disposable') return 0;
    if (cause.node.type === 'VariableDeclarator') return 3;
    return isAwaited(cause.node) || cause.node.type === 'ThrowStatement' ? 1 : 2;
  };
  // The end of a function comes behind all that stands in it.
  const position = (cause: LeakCause): number => (cause.kind === 'end' ? cause.node.range[1] : cause.node.range[0]);
  explained.sort((left, right) => rank(left.cause) - rank(right.cause) || position(left.cause) - position(right.cause));
  return explained[0]!;
}

function isAwaited(node: Node): boolean {
  if (node.type === 'AwaitExpression' || node.type === 'ForOfStatement') return true;
  let { parent } = node;
  while (parent && (parent.type === 'ChainExpression' || parent.type.startsWith('TS'))) parent = parent.parent;
  return parent?.type === 'AwaitExpression';
}

/** The name of the first variable that held the resource on the path. */
function handleName(trace: Trace): string | undefined {
  for (const move of trace.moves) {
    for (const alias of move.after.aliases) {
      const root = alias.root as { name?: unknown; defs?: unknown };
      if (!Array.isArray(root.defs) || typeof root.name !== 'string' || alias.role === 'releaser' || alias.role === 'bound') continue;
      // Of a list, nobody would call release.
      if (!/\.(?:\?|\d)/.test(alias.path)) return root.name + (alias.path.includes('.@') ? '' : alias.path);
    }
  }
  return undefined;
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
  first: Node,
  site: NonNullable<SiteOutcome['site']>,
  text: string,
): DoubleReleaseFinding | UseAfterReleaseFinding {
  const { type } = site.acquisition;
  const name = handleName(trace);
  const handle = name === undefined ? `the ${type.noun}` : `\`${name}\``;
  const last = { event: 'misused' as const, node: misuse.node, text: misuse.kind === 'double-release' ? 'released again' : 'used' };
  const common = {
    node: misuse.node, acquisition: site.node, path: site.acquisition.path, evidence: site.acquisition.evidence, evidenceFile: site.acquisition.evidenceFile,
    handle, noun: type.noun, first, history: historyOf(trace, site.node, text, last),
  };
  if (misuse.kind === 'double-release') {
    const message = capitalised(describeDoubleRelease(misuse.again, handle, first, isInCallback(trace, misuse.node)));
    return { ...common, kind: 'double-release', message };
  }
  const message = capitalised(describeUseAfterRelease(type.useAfterRelease === 'unguarded', handle, misuse.node, first, text));
  return { ...common, kind: 'use-after-release', message };
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

