/** The calls that a message advises, spelt as the code that it speaks of would write them. */
import type { Acquisition } from '../bindings/entity.ts';
import type { ScopedRow, TypeRow } from '../drivers/driver.ts';
import { excerpt } from '../syntax/excerpt.ts';
import type { Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';

/** The expression that names the resource, and whether that is a promise of it. */
export interface HandleName {
  readonly name: string;
  readonly isPromise: boolean;
}

/** The release: `client.release()`, `pool.putconn(conn)`, `(await pending).release()`. */
export function spellRelease(type: TypeRow, handle: HandleName | undefined, acquisition: Node, text: string): string {
  const source = sourceOf(acquisition, undefined);
  const pool = source ? `${excerpt(source, text)}.` : '';
  const { giveBack = '' } = type;
  const name = handle?.name ?? variableName(type);
  const spelt = handle?.isPromise !== true ? name : /^(?:await )?\$/.test(giveBack) ? `(await ${name})` : `await ${name}`;
  return giveBack.replace('$', () => spelt).replace('@.', () => pool);
}

/**
 * The library's form that gives back by itself: `knex.transaction(async (trx) => …)`; undefined where it has none, or where the call at `node` is not
 * the library's own: a function of the project that hands the resource out has no such form.
 */
export function spellScoped({ type, call }: Acquisition, handle: HandleName | undefined, node: Node, text: string): string | undefined {
  const row = type.scoped?.[0];
  const source = row && call === node ? sourceOf(node, row.from) : undefined;
  if (row === undefined || source === undefined) return undefined;
  const callee = row.call.replace('@', () => excerpt(source, text));
  const gives = row.gives?.replace('$', () => parameterName(type, handle));
  return `\`${callee}(${gives === undefined ? '…' : `async (${gives}) => …`})\`${purposeOf(type, row)}`;
}

/** What the form is good for, where that is not all that the resource is: a transaction where a connection is held, one query where a session is. */
function purposeOf({ ending }: TypeRow, { gives, commits }: ScopedRow): string {
  if (gives === undefined) return ' for a single query';
  return commits === true && ending !== 'commit or rollback' ? ' for a transaction' : '';
}

/** What the acquiring call is a method of; with `from`, what the chain of calls is that this method begins. */
function sourceOf(call: Node, from: string | undefined): Node | undefined {
  const callee = call.type === 'CallExpression' ? unwrapChain(call.callee) : undefined;
  if (callee?.type !== 'MemberExpression') return undefined;
  return from === undefined || staticMemberName(callee) === from ? callee.object : sourceOf(unwrapChain(callee.object), from);
}

/** What a variable for it would be called: `fileHandle`. */
function variableName({ noun }: TypeRow): string {
  return noun.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** A name for the callback's parameter: that of the variable, else the last word of what it is. */
function parameterName(type: TypeRow, handle: HandleName | undefined): string {
  const name = /[\w$]+$/.exec(handle?.name ?? '')?.[0];
  return name ?? type.noun.split(' ').at(-1)!.toLowerCase();
}
