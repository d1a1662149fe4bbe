/**
 * `Promise.all`, `allSettled`, `race` and `any` over acquisitions, and arrays of handles.
 */
import { settle } from './chain-constructs.ts';
import { straight, type BodyWriter, type Construct } from './construct.ts';
import { functionText, statementLines } from './function-text.ts';
import { releaseRegion } from './release-region.ts';
import { braced, indent, type HandleVariable, type WritingScope, type Written } from './writing-scope.ts';

const joined = (before: readonly string[], rest: Written): Written => ({ lines: [...before, ...rest.lines], ends: rest.ends });
const acquire = (scope: WritingScope): string => scope.idiom.acquireCall(scope.pool) ?? '';

/** `const [a, b] = await Promise.all([pool.connect(), pool.connect()])` */
function allDestructured(scope: WritingScope, writer: BodyWriter): Written {
  const { random } = scope;
  const [first, second] = [scope.freshHandle(), scope.freshHandle()];
  const form = random.pickWeighted(['two', 'one and a task', 'one'] as const, (name) => ({ two: 4, 'one and a task': 2, one: 1.5 })[name]);
  const a = scope.declare(first, false, false);
  if (form === 'two') {
    const b = scope.declare(second, false, false);
    const release = (): string[] => [...scope.release(a), ...scope.release(b)];
    const region = releaseRegion(scope, writer, a, release);
    b.isDone = true;
    return joined([`const [${first}, ${second}] = await Promise.all([${acquire(scope)}, ${acquire(scope)}]);`], region);
  }
  const members = form === 'one' ? acquire(scope) : `${acquire(scope)}, task(${scope.number()})`;
  return joined([`const [${first}] = await Promise.all([${members}]);`], releaseRegion(scope, writer, a, () => scope.release(a)));
}

/** Releases every element of an array of handles. */
function releaseEach(scope: WritingScope, array: string): string[] {
  const inner = scope.inner(false);
  const each: HandleVariable = { name: 'each', nullable: false, reassignable: false, isDone: false };
  if (scope.random.chance(0.5)) return statementLines(`${array}.forEach(${functionText(scope.random, 'each', inner.release(each))});`);
  return braced(`for (const each of ${array})`, scope.release(each));
}

/** `const all = await Promise.all(list(1).map(() => pool.connect()))` */
function allMapped(scope: WritingScope, writer: BodyWriter): Written {
  const all = scope.fresh('clients');
  const source = scope.random.pick(['[1, 2]', `list(${scope.number()})`]);
  const callback = scope.random.chance(0.6) ? `() => ${acquire(scope)}` : `async (id) => await ${acquire(scope)}`;
  const region = releaseRegion(scope, writer, undefined, () => releaseEach(scope, all));
  return joined([`const ${all} = await Promise.all(${source}.map(${callback}));`], region);
}

/** `await Promise.all(ids.map(async (id) => { … }))`: each turn keeps its own handle. */
function allOfWorkers(scope: WritingScope, writer: BodyWriter): Written {
  const inner = scope.inner(true);
  const name = inner.freshHandle();
  const before = inner.acquireInto(`const ${name}`);
  const handle = inner.declare(name, false, false);
  const lines = [...before, ...releaseRegion(inner, writer, handle, () => inner.release(handle)).lines];
  const source = scope.random.pick(['[1]', `list(${scope.number()})`]);
  const text = `Promise.${scope.random.pick(['all', 'all', 'allSettled'])}(${source}.map(${functionText(scope.random, 'id', lines, { isAsync: true })}))`;
  return settle(scope, text, writer);
}

/** `const results = await Promise.allSettled([…])`, with the fulfilled ones released, or not. */
function allSettled(scope: WritingScope, writer: BodyWriter): Written {
  const { random } = scope;
  const results = scope.fresh('results');
  const members = `${acquire(scope)}, ${acquire(scope)}`;
  const value: HandleVariable = { name: 'r.value', nullable: false, reassignable: false, isDone: false };
  const release = (): string[] => {
    const form = random.below(3);
    const guarded = [`if (r.status === 'fulfilled') ${scope.releaseExpression('r.value', false)};`];
    if (form === 0) return braced(`for (const r of ${results})`, guarded);
    if (form === 1) return [`${results}.filter((r) => r.status === 'fulfilled').forEach(${functionText(random, 'r', scope.inner(false).release(value))});`].flatMap(statementLines);
    return braced(`${results}.forEach((r) =>`, [`if (r.status === 'fulfilled') ${scope.inner(false).releaseExpression('r.value', false)};`], ');');
  };
  const check = random.chance(0.25) ? [`if (${results}.some((r) => r.status === 'rejected')) throw new Error('not all');`] : [];
  return joined([`const ${results} = await Promise.allSettled([${members}]);`, ...check], releaseRegion(scope, writer, undefined, release));
}

/** `Promise.race([pool.connect(), timeout])`, with or without someone who gives the loser back. */
function race(scope: WritingScope, writer: BodyWriter): Written {
  const { random } = scope;
  const name = scope.freshHandle();
  const pending = scope.fresh('pending');
  const other = random.pick([`task(${scope.number()}).then(() => { throw new Error('late'); })`, "new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 50))"]);
  const rescue = `${pending}.then((late) => ${scope.inner(false).releaseExpression('late', false)}, () => {});`;
  const handle = scope.declare(name, false, false);
  const form = random.below(4);
  if (form === 0) {
    return joined([`const ${name} = await Promise.race([${acquire(scope)}, ${other}]);`], releaseRegion(scope, writer, handle, () => scope.release(handle)));
  }
  handle.isDone = true;
  if (form === 1) {
    const query = scope.query(handle);
    return straight([`const ${pending} = ${acquire(scope)};`, 'try {', ...indent([`const ${name} = await Promise.race([${pending}, ${other}]);`, `${query};`]), '} finally {', `  ${rescue}`, '}']);
  }
  handle.isDone = false;
  const region = releaseRegion(scope, writer, handle, () => scope.release(handle));
  const failed = random.chance(0.7) ? [rescue, 'throw error;'] : ['throw error;'];
  return joined([`const ${pending} = ${acquire(scope)};`, `let ${name}${scope.draft.annotate('any')};`, 'try {', `  ${name} = await Promise.race([${pending}, ${other}]);`, '} catch (error) {', ...indent(failed), '}'], region);
}

function any(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const handle = scope.declare(name, false, false);
  const members = scope.random.chance(0.7) ? `${acquire(scope)}, ${acquire(scope)}` : acquire(scope);
  return joined([`const ${name} = await Promise.any([${members}]);`], releaseRegion(scope, writer, handle, () => scope.release(handle)));
}

/** `clients.push(await pool.connect())` in a loop, released together. */
function collected(scope: WritingScope, writer: BodyWriter): Written {
  const all = scope.fresh('clients');
  const head = `for (const id of ${scope.random.pick(['[1, 2]', `list(${scope.number()})`])})`;
  const fill = braced(head, [`${all}.push(${scope.acquireExpression()});`]);
  const body = writer.body(scope.block());
  if (scope.random.chance(0.75)) {
    return { lines: [`const ${all} = [];`, 'try {', ...indent([...fill, ...body.lines]), '} finally {', ...indent(releaseEach(scope, all)), '}'], ends: body.ends };
  }
  return joined([`const ${all} = [];`, ...fill], releaseRegion(scope, writer, undefined, () => releaseEach(scope, all)));
}

/** `for (const c of [a, b]) c.release()` */
function releasedTogether(scope: WritingScope, writer: BodyWriter): Written {
  const [first, second] = [scope.freshHandle(), scope.freshHandle()];
  const before = scope.acquireInto(`const ${first}`);
  const a = scope.declare(first, false, false);
  const both = scope.random.chance(0.5);
  const more = both ? scope.acquireInto(`const ${second}`) : [];
  const b = both ? scope.declare(second, false, false) : undefined;
  const region = releaseRegion(scope, writer, a, () => releaseEach(scope, both ? `[${first}, ${second}]` : `[${first}]`));
  if (b) b.isDone = true;
  return joined([...before, ...more], region);
}

const applies = (scope: WritingScope): boolean => scope.isAsync && scope.idiom.isPromise && scope.idiom.acquireCall('p') !== undefined && scope.depth < 4;
const appliesAnywhere = (scope: WritingScope): boolean => scope.idiom.isPromise && scope.idiom.acquireCall('p') !== undefined && scope.depth < 4;

export const COMBINATOR_CONSTRUCTS: readonly Construct[] = [
  { name: 'Promise.all destructured', role: 'acquire', weight: 3, applies, write: allDestructured },
  { name: 'Promise.all of a map', role: 'acquire', weight: 2, applies, write: allMapped },
  { name: 'Promise.all of workers', role: 'acquire', weight: 3, byContinuation: true, applies: appliesAnywhere, write: allOfWorkers },
  { name: 'Promise.allSettled', role: 'acquire', weight: 2.5, applies, write: allSettled },
  { name: 'Promise.race', role: 'acquire', weight: 2.5, applies, write: race },
  { name: 'Promise.any', role: 'acquire', weight: 1, applies, write: any },
  { name: 'collected in an array', role: 'acquire', weight: 2, applies, write: collected },
  { name: 'released together', role: 'acquire', weight: 2, applies, write: releasedTogether },
];
