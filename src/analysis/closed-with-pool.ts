import type { Disjunct } from '../domain/disjunct.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { callShape, type CallShape } from './call-shape.ts';
import type { Run } from './run.ts';

/**
 * Whether the call ends what the resource was taken from, in a way that closes the resource too: `await dataSource.destroy()` behind
 * `dataSource.createQueryRunner()`. Of the library's methods only those do of which its table says so.
 */
export function closesWithPool(run: Run, shape: CallShape, disjunct: Disjunct): boolean {
  if (!shape.isMethod || shape.receiver === undefined || disjunct.site === undefined || !OWED.has(disjunct.state)) return false;
  const { node } = disjunct.site;
  if (node.type !== 'CallExpression') return false;
  const taken = callShape(node);
  if (!taken.isMethod || taken.receiver === undefined) return false;
  const { family } = run.model;
  const from = family.modelAt(taken.node).placeOf(taken.receiver);
  const ended = run.model.placeOf(shape.receiver);
  if (from.root !== ended.root || from.path !== ended.path || unwrapChain(taken.receiver).type === 'CallExpression') return false;
  const row = run.model.bindings.memberRowOf(shape.node)?.row;
  return row?.effect === 'ends' && row.closesTaken === true;
}

const OWED: ReadonlySet<Disjunct['state']> = new Set(['held', 'idle', 'given']);
