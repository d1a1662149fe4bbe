import type { Disjunct } from '../domain/disjunct.ts';
import type { CallLike, FunctionNode } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { callShape, type CallShape } from './call-shape.ts';
import type { ProgramModel } from './program-model.ts';
import type { Run } from './run.ts';

/**
 * Whether the call ends what the resource was taken from, in a way that closes the resource too: `await dataSource.destroy()` behind
 * `dataSource.createQueryRunner()`. Of the library's methods only those do of which its table says so; `callee`, the project's function that the call runs, where
 * it calls one of those (`await manager.end()` behind `manager.getConnection()`).
 */
export function closesWithPool(run: Run, shape: CallShape, disjunct: Disjunct, callee?: FunctionNode): boolean {
  if (!shape.isMethod || shape.receiver === undefined || disjunct.site === undefined || !OWED.has(disjunct.state)) return false;
  const { node } = disjunct.site;
  if (node.type !== 'CallExpression') return false;
  const taken = callShape(node);
  if (!taken.isMethod || taken.receiver === undefined) return false;
  const { family } = run.model;
  const from = family.modelAt(taken.node).placeOf(taken.receiver);
  const ended = run.model.placeOf(shape.receiver);
  if (from.root !== ended.root || from.path !== ended.path || unwrapChain(taken.receiver).type === 'CallExpression') return false;
  if (callee === undefined) return isEnd(run.model, shape.node);
  const home = run.model.modelOf(callee);
  return [...home.callGraph.reachableFrom(callee)].some((unit) => home.file.calls.get(unit)?.some((call) => isEnd(home, call)) === true);
}

/** Whether the call is of a method of a library that ends a pool and what was taken from it. */
function isEnd(model: ProgramModel, call: CallLike): boolean {
  const row = model.bindings.memberRowOf(call)?.row;
  return row?.effect === 'ends' && row.closesTaken === true;
}

const OWED: ReadonlySet<Disjunct['state']> = new Set(['held', 'idle', 'given']);
