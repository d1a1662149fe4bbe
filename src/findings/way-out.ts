/** What to do about a leak: where the release belongs depends on who has the resource where nothing goes wrong. */
import type { OwedExit, SiteOutcome } from '../analysis/analyse-program.ts';
import { isFunctionNode, type Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { endsByOutcome } from './ending-words.ts';
import type { LeakCause, WayOut } from './finding.ts';
import { beginsInCallback, isInCallback, type Trace } from './trace-history.ts';

/** The way out of a leak by `cause`. `isKept`: whether the resource is in a variable on the path. */
export function wayOutOf(outcome: SiteOutcome, trace: Trace, cause: LeakCause, exit: OwedExit, isKept: boolean): WayOut {
  const combinator = isKept ? undefined : combinatorAround(outcome.node);
  if (cause.kind === 'outrun' || combinator === 'race') return { kind: 'late' };
  if (combinator !== undefined && cause.kind === 'throws') return { kind: 'all settled' };
  const isHandedOn = isPassedOn(exit, outcome.released);
  if (beginsInCallback(trace) || isInCallback(trace, cause.node)) return { kind: 'callback', isHandedOn };
  if (isHandedOn) return wayOutOfPath(cause, outcome.node, true);
  const isBefore = (node: Node, block: 'finally' | 'catch'): boolean => standsBefore(node, block, exit.discharges, outcome.node);
  if (cause.kind === 'throws' && isBefore(cause.node, 'finally')) return { kind: 'finally of its own' };
  const decision = cause.kind === 'branch' ? cause : cause.kind === 'throws' || cause.kind === 'stop' ? cause.and : undefined;
  if (decision !== undefined && isBefore(decision.node, 'finally')) return { kind: 'whenever taken' };
  if (outcome.site === undefined || !endsByOutcome(outcome.site.acquisition.type) || cause.kind === 'stop') return { kind: 'finally', isKept };
  if (cause.kind === 'throws' && isBefore(cause.node, 'catch')) return { kind: 'before that' };
  if (decision !== undefined && isBefore(decision.node, 'catch')) return { kind: 'whenever taken' };
  return wayOutOfPath(cause, outcome.node, false);
}

/** The way out on this path alone: the others are as they should be. */
function wayOutOfPath(cause: LeakCause, acquisition: Node, isHandedOn: boolean): WayOut {
  if (cause.kind !== 'throws') return { kind: 'this path', isHandedOn };
  return { kind: 'catch', clause: cause.and === undefined ? catchAround(cause.node, acquisition) : undefined, isHandedOn };
}

/** Whether the resource becomes somebody else's on some path, so that no `finally` block may release it. */
function isPassedOn(exit: OwedExit, isReleased: boolean): boolean {
  // Where this code releases what it put into an object or a list, it is done with it.
  return [...exit.transfers].some((to) => !(isReleased && (to === 'given to a constructor' || to === 'put into a container')));
}

/** The method of `Promise` that the acquisition is an element for: `Promise.all([pool.connect(), load()])`. */
function combinatorAround(acquisition: Node): string | undefined {
  for (let node: Node | undefined = acquisition; node && node.type !== 'BlockStatement'; node = node.parent) {
    const callee = node.type === 'CallExpression' ? unwrapChain(node.callee) : undefined;
    if (callee?.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'Promise') return staticMemberName(callee);
  }
  return undefined;
}

/** The `catch` clause that catches what `node` throws, where the acquisition stands before its `try` statement. */
function catchAround(node: Node, acquisition: Node): Node | undefined {
  for (let current: Node | undefined = node; current?.parent && !isFunctionNode(current); current = current.parent) {
    const { parent }: Node = current;
    if (parent.type === 'TryStatement' && parent.block === current && parent.handler) return acquisition.range[1] <= parent.range[0] ? parent.handler : undefined;
  }
  return undefined;
}

/** Whether `node` stands in a `finally` block, or in the one of a `catch` clause, that releases further down what was acquired before. */
function standsBefore(node: Node, kind: 'finally' | 'catch', discharges: ReadonlySet<Node>, acquisition: Node): boolean {
  for (let current: Node | undefined = node; current?.parent; current = current.parent) {
    const { parent }: Node = current;
    if (isFunctionNode(current)) return false;
    if (kind === 'finally' ? parent.type === 'TryStatement' && parent.finalizer === current : parent.type === 'CatchClause' && parent.body === current) {
      const block = current;
      const isIn = ({ range }: Node): boolean => range[0] >= block.range[0] && range[1] <= block.range[1];
      return !isIn(acquisition) && [...discharges].some((release) => isIn(release) && release.range[0] > node.range[1]);
    }
  }
  return false;
}
