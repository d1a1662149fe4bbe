/** The library's own form that takes a resource, hands it to a callback and gives it back: `dataSource.transaction(async (manager) => …)`. */
import type { ScopedRow } from '../drivers/driver.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { Edit } from './edit-plan.ts';
import type { FoundHandle } from './find-handle.ts';
import type { AcquisitionInput } from './fix-input.ts';
import { namesIn } from './names-in.ts';
import type { ResourceEnds } from './resource-ends.ts';

/** How a call with a callback is written, and what it does. */
export interface ScopedForm {
  /** What is called. */
  readonly callee: string;
  /** The call up to its callback: `knex.transaction(`, `sequelize.transaction({ … }, `. */
  readonly head: string;
  /** What the callback names what it is given. */
  readonly parameter: string;
  /** The property of the handle that the parameter stands for; undefined: it is the handle itself. */
  readonly property: string | undefined;
  /** Methods of the handle that the parameter has as well. */
  readonly shares: readonly string[];
  /** Whether the callback's return commits, and its throw rolls back. */
  readonly commits: boolean;
  readonly differs: ScopedRow['differs'];
  /** What imports the function that is called. */
  readonly imports: readonly Edit[];
  /** Whether the call gives what the callback returns, with its type. */
  readonly givesResult: boolean;
}

/** The form of the library that the resource is of, as this acquisition would be written with it. */
export function nativeForm({ site, model }: AcquisitionInput, handle: FoundHandle, { begin }: ResourceEnds): ScopedForm | BlockedReason {
  const { type, call } = site.acquisition;
  const row = type.scoped?.[0];
  if (row?.gives === undefined || call !== site.node || site.node.type !== 'CallExpression') return 'no scoped form';
  const chain = chainOf(site.node, row.from);
  if (chain === undefined) return 'no scoped form';
  const calls = [begin?.call, ...chain.calls].filter((node) => node?.type === 'CallExpression');
  // What begins the transaction comes first, where the acquisition does not do that.
  if (calls.some((link, index) => link.arguments.length > 0 && !(index === 0 && row.options === 'first'))) return 'taken with options';
  const given = calls[0] === undefined ? '' : model.text.slice(...argumentRange(calls[0]));
  const source = model.text.slice(...chain.source.range);
  if (source.includes('\n')) return 'no scoped form';
  const parameter = row.gives === '$' ? handle.name : freeName(handle.unit, row.gives);
  const callee = row.call.replace('@', () => source);
  return {
    callee,
    head: `${callee}(${given === '' ? '' : `${given}, `}`,
    parameter,
    property: row.gives === '$' ? undefined : row.gives,
    shares: row.shares ?? [],
    commits: row.commits === true,
    differs: row.differs,
    imports: [],
    givesResult: true,
  };
}

/** What the acquiring call is a method of, and the calls on the way there from the last one; undefined where a link is optional or something else. */
function chainOf(call: TSESTree.CallExpression, from: string | undefined): { readonly source: Node; readonly calls: readonly TSESTree.CallExpression[] } | undefined {
  const calls: TSESTree.CallExpression[] = [];
  for (let link: Node = call; link.type === 'CallExpression'; ) {
    const callee: Node = link.callee;
    if (link.optional || callee.type !== 'MemberExpression' || callee.optional) return undefined;
    calls.push(link);
    if (from === undefined || staticMemberName(callee) === from) return { source: callee.object, calls };
    link = unwrapChain(callee.object);
    // What a link sets would be set in another way.
    if (calls.length > 1) return undefined;
  }
  return undefined;
}

function argumentRange({ arguments: given }: TSESTree.CallExpression): readonly [number, number] {
  const [first] = given;
  const last = given.at(-1);
  return first === undefined || last === undefined ? [0, 0] : [first.range[0], last.range[1]];
}

/** A name that stands for nothing in the unit. */
function freeName(unit: Node, wanted: string): string {
  const taken = namesIn([unit]);
  const candidates = [wanted, `transaction${wanted[0]!.toUpperCase()}${wanted.slice(1)}`];
  for (let number = 2; candidates.every((name) => taken.has(name)); number++) candidates.push(`${wanted}${String(number)}`);
  return candidates.find((name) => !taken.has(name))!;
}
