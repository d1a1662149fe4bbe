/** Where a callback around the use of a resource begins: at the acquisition, or in a `try` statement behind it that ends the resource as well. */
import type { Node, Statement, TSESTree } from '../syntax/estree.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { FoundHandle } from './find-handle.ts';
import { namesIn } from './names-in.ts';
import { isRethrow } from './remove-statement.ts';
import type { EndStatement, ResourceEnds } from './resource-ends.ts';
import type { SourceLayout } from './source-layout.ts';

export interface CallbackPlace {
  /** The statements that the body of the callback is a part of, from `from` on. */
  readonly list: readonly Statement[];
  readonly from: number;
  /** What stands between the acquisition and the `try` statement, and moves into the callback with the block of that. */
  readonly before: readonly Statement[];
  /** The `try` statement around the list that ends the resource, where the acquisition stands outside of it. */
  readonly around: TSESTree.TryStatement | undefined;
  /** Whether nothing is left of that statement but its block: what it does otherwise, the call with the callback does. */
  readonly isUnwrapped: boolean;
}

/**
 * The places for a form, the one that leaves less behind first; else the precondition that is false. What commits has to begin inside a `try` statement
 * that catches what is thrown before the commit: the commit would come behind it else.
 */
export function callbackPlaces(layout: SourceLayout, handle: FoundHandle, ends: ResourceEnds, commits: boolean): readonly CallbackPlace[] | BlockedReason {
  const { list, index } = handle;
  const atAcquisition: CallbackPlace = { list, from: index + 1, before: [], around: undefined, isUnwrapped: false };
  const all = [...ends.commits, ...ends.rollbacks, ...ends.releases];
  const position = list.findIndex((statement, other) => other > index && statement.type === 'TryStatement' && all.some((end) => isWithin(end.statement, statement)) && ends.commits.every(({ statement: commit }) => isWithin(commit, statement.block)));
  const around = list[position];
  if (around?.type !== 'TryStatement' || (commits && ends.commits.length === 0)) return [atAcquisition];
  const removed = new Set<Node>([...all, ...ends.begins].map(({ statement }) => statement));
  const block = around.block.body;
  const places: CallbackPlace[] = [];
  const between = list.slice(index + 1, position);
  if (isHandlerGone(layout, around, removed) && isFinalizerGone(layout, around, removed) && !namesClash(between, block)) places.push({ list: block, from: 0, before: between, around, isUnwrapped: true });
  if (!commits) return [...places, atAcquisition];
  // What comes first would be done before the transaction is begun: only what needs it not may.
  const before = list.slice(index + 1, position).filter((statement) => !removed.has(statement));
  if (!before.some((statement) => ends.others.some((node) => isWithin(node, statement)))) places.push({ list: block, from: 0, before: [], around, isUnwrapped: false });
  return places.length > 0 ? places : 'used outside';
}

/** Whether statements that move into a block have a name that means something else there. */
function namesClash(statements: readonly Statement[], block: readonly Statement[]): boolean {
  const declared = namesIn(block.flatMap((one): readonly Node[] => (one.type === 'VariableDeclaration' ? one.declarations.map(({ id }) => id) : (one.type === 'FunctionDeclaration' || one.type === 'ClassDeclaration') && one.id ? [one.id] : [])));
  const used = namesIn(statements);
  return [...declared].some((name) => used.has(name));
}

function isHandlerGone(layout: SourceLayout, { handler }: TSESTree.TryStatement, removed: ReadonlySet<Node>): boolean {
  if (handler === null) return true;
  return isRethrow(handler, handler.body.body.filter((statement) => !removed.has(statement))) && !layout.hasComment(handler.range);
}

function isFinalizerGone(layout: SourceLayout, { finalizer }: TSESTree.TryStatement, removed: ReadonlySet<Node>): boolean {
  return finalizer === null || (finalizer.body.every((statement) => removed.has(statement)) && !layout.hasComment(finalizer.range));
}

/** Whether an end stands in a `catch` clause or a `finally` block of a `try` statement whose block has all of `body`: then it comes when the callback has ended. */
export function isBehind({ statement }: EndStatement, body: readonly [number, number]): boolean {
  for (let node: Node | undefined = statement; node; node = node.parent) {
    const { parent }: Node = node;
    if (parent?.type === 'TryStatement' && node !== parent.block && parent.block.range[0] <= body[0] && body[1] <= parent.block.range[1]) return true;
  }
  return false;
}

function isWithin(node: Node, outer: Node): boolean {
  return node.range[0] >= outer.range[0] && node.range[1] <= outer.range[1];
}
