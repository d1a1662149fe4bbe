/**
 * What a program does with the other module beyond taking and giving back: transactions that its helpers end.
 */
import { isClassStyle } from './database-module.ts';
import type { BodyWriter, Construct } from './construct.ts';
import { indent, type WritingScope, type Written } from './writing-scope.ts';

/** `try { …; await commitAndRelease(c); } catch (error) { await rollbackAndRelease(c); throw error; }` */
function transactionByHelpers(scope: WritingScope, writer: BodyWriter): Written {
  const { random, idiom } = scope;
  const name = scope.freshHandle();
  const acquire = scope.acquireInto(`const ${name}`);
  const handle = scope.declare(name, false, false);
  const begin = random.chance(0.6) ? [`await ${name}.query('BEGIN');`] : [];
  const body = writer.body(scope.block());
  handle.isDone = true;
  const commit = body.ends ? [] : [`await ${idiom.other?.commit(scope.pool)}(${name});`];
  const rollback = `await ${idiom.other?.rollback(scope.pool)}(${name});`;
  const isInside = random.chance(0.5);
  const lines = [...acquire, ...(isInside ? [] : begin), 'try {', ...indent([...(isInside ? begin : []), ...body.lines])];
  const form = random.below(5);
  if (form === 0) {
    // The commit stands outside: when it fails nobody rolls back.
    lines.push('} catch (error) {', ...indent([rollback, 'throw error;']), '}', ...commit);
    return { lines, ends: body.ends };
  }
  lines.push(...indent(commit), '} catch (error) {', ...indent([rollback, ...(random.chance(0.7) ? ['throw error;'] : [])]), '}');
  return { lines, ends: false };
}

const canCall = (scope: WritingScope): boolean =>
  scope.idiom.other !== undefined && scope.isAsync && (scope.isEntry || scope.isInnerFunction) && !(scope.pool === 'pool' && isClassStyle(scope.idiom.other.style));

export const MODULE_CONSTRUCTS: readonly Construct[] = [
  { name: 'transaction by helpers', role: 'acquire', weight: 5, applies: canCall, write: transactionByHelpers },
];
