/**
 * Functions that lend a handle to a function they are given (`withClient(fn)`), and their calls.
 */
import { settle } from './chain-constructs.ts';
import type { BodyWriter, Construct } from './construct.ts';
import { functionText } from './function-text.ts';
import { indent, WritingScope, type HandleVariable, type Written } from './writing-scope.ts';

/** What a lending function does: its acquisition, the texts around the call of `fn`, its release. */
interface Lending {
  readonly scope: WritingScope;
  readonly acquire: readonly string[];
  readonly handle: HandleVariable;
  release(): readonly string[];
}

interface LendingForm {
  readonly name: string;
  readonly weight: number;
  write(lending: Lending): string[];
}

const tryBlock = (lines: readonly string[], ...rest: readonly (readonly [head: string, lines: readonly string[]])[]): string[] => [
  'try {',
  ...indent(lines),
  ...rest.flatMap(([head, inner]) => [`} ${head} {`, ...indent(inner)]),
  '}',
];
const statement = ({ handle }: Lending, text: string): string => `await ${handle.name}.query('${text}');`;

const FORMS: readonly LendingForm[] = [
  { name: 'lends: release in finally', weight: 6, write: (lending) => [...lending.acquire, ...tryBlock([`return await fn(${lending.handle.name});`], ['finally', lending.release()])] },
  { name: 'lends: release after success', weight: 1.2, write: (lending) => [...lending.acquire, `const result = await fn(${lending.handle.name});`, ...lending.release(), 'return result;'] },
  { name: 'lends: release in try and catch', weight: 1.5, write: (lending) => [
    ...lending.acquire,
    ...tryBlock([`const result = await fn(${lending.handle.name});`, ...lending.release(), 'return result;'], ['catch (error)', [...lending.release(), 'throw error;']]),
  ] },
  { name: 'lends: released before the work is done', weight: 0.7, write: (lending) => [...lending.acquire, ...tryBlock([`return fn(${lending.handle.name});`], ['finally', lending.release()])] },
  { name: 'lends: begin before try', weight: 1, write: (lending) => [...lending.acquire, statement(lending, 'BEGIN'), ...tryBlock([`return await fn(${lending.handle.name});`], ['finally', lending.release()])] },
  { name: 'lends: transaction', weight: 3, write: (lending) => [
    ...lending.acquire,
    ...tryBlock(
      [statement(lending, 'BEGIN'), `const result = await fn(${lending.handle.name});`, statement(lending, 'COMMIT'), 'return result;'],
      ['catch (error)', [statement(lending, 'ROLLBACK'), 'throw error;']],
      ['finally', lending.release()],
    ),
  ] },
  { name: 'lends: transaction without finally', weight: 1, write: (lending) => [
    ...lending.acquire,
    ...tryBlock(
      [statement(lending, 'BEGIN'), `const result = await fn(${lending.handle.name});`, statement(lending, 'COMMIT'), ...lending.release(), 'return result;'],
      ['catch (error)', [statement(lending, 'ROLLBACK'), ...lending.release(), 'throw error;']],
    ),
  ] },
];

/** The statements of a function `async (fn) => …` that lends what `acquire` takes. */
export function lendingBody(scope: WritingScope, acquire: readonly string[], handle: HandleVariable, release: () => readonly string[]): string[] {
  const form = scope.random.pickWeighted(FORMS, (candidate) => candidate.weight);
  scope.draft.constructs.add(form.name);
  return form.write({ scope, acquire, handle, release });
}

/** The name of a lending function: one of the other module, or one of the file. */
function lendingFunction(scope: WritingScope): string {
  const { draft } = scope;
  const member = scope.idiom.other?.lend(scope.pool);
  if (member !== undefined) return member;
  return draft.helper('withClient', (name) => {
    const inner = WritingScope.ofHelper(draft, true);
    const handle = inner.declare('lent', false, false);
    const body = lendingBody(inner, inner.acquireInto('const lent'), handle, () => inner.release(handle));
    return [`async function ${name}(fn${draft.annotate('any')}) {`, ...indent(body), '}'];
  });
}

/** `await withClient(async (client) => { … })` */
function scopedCall(scope: WritingScope, writer: BodyWriter): Written {
  const { random } = scope;
  const name = scope.freshHandle();
  const lent = (inner: WritingScope): HandleVariable => {
    const handle = inner.declare(name, false, false);
    handle.isDone = !random.chance(0.08); // whose release is not the callback's
    return handle;
  };
  const isAsync = random.chance(0.7);
  const inner = scope.inner(isAsync);
  const handle = lent(inner);
  const lines = isAsync ? [`${inner.query(handle)};`, ...sometimes(inner, writer.body(inner))] : [`return ${random.chance(0.5) ? inner.idiom.queryCall(name, inner.number(), false, random) : `${inner.idiom.queryCall(name, inner.number(), false, random)}.then(() => task(${inner.number()}))`};`];
  return settle(scope, `${lendingFunction(scope)}(${functionText(random, name, lines, { isAsync })})`, writer);
}

/** A body that always throws would make all that follows the call unreachable, which only the lending function shows (`docs/limits.md`). */
function sometimes(scope: WritingScope, body: Written): readonly string[] {
  return body.ends ? [`if (cond(${scope.number()})) {`, ...indent(body.lines), '}'] : body.lines;
}

const canLend = (scope: WritingScope): boolean => scope.idiom.isPromise && scope.idiom.name !== 'mysql2-callback' && scope.depth < 4;

export const SCOPED_CONSTRUCTS: readonly Construct[] = [
  { name: 'scoped call', role: 'acquire', weight: 4, byContinuation: true, applies: canLend, write: scopedCall },
];

export const LENDING_NAMES = FORMS.map((form) => form.name);
