/**
 * `.then/.catch/.finally` chains over acquisitions, alone and mixed with `await`.
 */
import { effect } from './effect-constructs.ts';
import { ending, straight, type BodyWriter, type Construct } from './construct.ts';
import { functionText, statementLines } from './function-text.ts';
import { releaseRegion } from './release-region.ts';
import { braced, indent, WritingScope, type HandleVariable, type Written } from './writing-scope.ts';

/** A name that the coverage knows the form by, how often it is chosen, and what it writes. */
interface Form<Arguments extends readonly unknown[]> {
  readonly name: string;
  readonly weight: number;
  applies?(scope: WritingScope): boolean;
  write(scope: WritingScope, ...rest: Arguments): string;
}

function pickForm<Arguments extends readonly unknown[]>(scope: WritingScope, forms: readonly Form<Arguments>[], ...rest: Arguments): string {
  const form = scope.random.pickWeighted(forms.filter((candidate) => candidate.applies?.(scope) ?? true), (candidate) => candidate.weight);
  scope.draft.constructs.add(form.name);
  return form.write(scope, ...rest);
}

/** A function passed to a chain; what it may refer to is in the scope given to `body`. */
function handler(scope: WritingScope, params: string, body: (inner: WritingScope) => readonly string[], isAsync = false): string {
  const inner = scope.inner(isAsync);
  return functionText(scope.random, params, body(inner), { isAsync, mayBeKeyword: !scope.pool.startsWith('this.') });
}

/** A promise that has to do with the handle. */
function workOn(scope: WritingScope, handle: HandleVariable): string {
  const query = (): string => scope.idiom.queryCall(scope.reference(handle.name), scope.number(), handle.nullable, scope.random);
  const form = scope.random.below(12);
  if (form === 0) return `task(${scope.number()})`;
  if (form === 1) return `Promise.all([${query()}, ${scope.random.chance(0.5) ? query() : `task(${scope.number()})`}])`;
  return query();
}

/** A reaction in the middle of a chain. */
function middleStage(scope: WritingScope, handle: HandleVariable | undefined): string {
  const { random } = scope;
  const form = random.below(12);
  const k = scope.number();
  if (form === 0) return `.then(${random.pick(['track', 'step'])})`;
  if (form === 1) return `.catch(${handler(scope, 'e', () => [`console.error(e);`])})`;
  if (form === 2) return `.catch(${random.pick(['() => undefined', '(e) => { throw e; }', 'console.error'])})`;
  if (form === 3) return `.then(${handler(scope, 'rows', () => [`if (cond(${k})) throw new Error('empty');`, 'return rows;'])})`;
  if (form === 4) return `.then(${handler(scope, 'rows', () => ["console.log('rows', rows);", 'return rows;'])})`;
  if (form === 5) return `.then(${handler(scope, '', (inner) => [`${effect(inner)};`], random.chance(0.5))})`;
  if (form === 6) return `.finally(${handler(scope, '', (inner) => [random.chance(0.5) ? `${effect(inner)};` : "console.log('done');"])})`;
  if (form === 7) return `.then(${handler(scope, '', () => [`if (cond(${k})) return;`, `return ${handle ? workOn(scope, handle) : `task(${scope.number()})`};`])})`;
  if (form === 8) return `.then(undefined, ${handler(scope, 'e', () => [`step(${k});`, 'throw e;'])})`;
  return `.then(${handler(scope, random.pick(['', 'rows']), (inner) => [`return ${handle ? workOn(inner, handle) : `task(${k})`};`])})`;
}

/** The statements that release in a reaction, which is not async unless releasing is. */
const releasing = (scope: WritingScope, handle: HandleVariable): string[] => scope.release(handle);
const maybeEffect = (scope: WritingScope, chance: number): string[] => (scope.random.chance(chance) ? [`${effect(scope)};`] : []);
const worksByName = (scope: WritingScope): boolean => scope.idiom.releaseWorksDetached;

/** The stages that give the handle back, right and wrong. */
const CLOSINGS: readonly Form<[handle: HandleVariable]>[] = [
  { name: 'chain: release in finally', weight: 8, write: (scope, handle) => `.finally(${handler(scope, '', (inner) => releasing(inner, handle))})` },
  { name: 'chain: effect and release in finally', weight: 1.2, write: (scope, handle) => `.finally(${handler(scope, '', (inner) => [`${effect(inner)};`, ...releasing(inner, handle)], scope.random.chance(0.4))})` },
  { name: 'chain: finally by name', weight: 2, applies: worksByName, write: (_scope, handle) => (handle.nullable ? `.finally(() => ${handle.name}?.release())` : `.finally(${handle.name}.release)`) },
  { name: 'chain: both handlers', weight: 3, write: (scope, handle) =>
    `.then(${handler(scope, 'r', (inner) => [...maybeEffect(inner, 0.15), ...releasing(inner, handle), 'return r;'])}, ${handler(scope, 'e', (inner) => [...releasing(inner, handle), 'throw e;'])})` },
  { name: 'chain: both handlers by name', weight: 0.8, applies: worksByName, write: (_scope, handle) => (handle.nullable ? `.then(() => ${handle.name}?.release())` : `.then(${handle.name}.release, ${handle.name}.release)`) },
  { name: 'chain: release in then and in catch', weight: 3, write: (scope, handle) => {
    const then = handler(scope, 'r', (inner) => [...maybeEffect(inner, 0.3), ...releasing(inner, handle), ...maybeEffect(inner, 0.25), 'return r;']);
    return `.then(${then}).catch(${handler(scope, 'e', (inner) => [...releasing(inner, handle), ...(scope.random.chance(0.7) ? ['throw e;'] : ['console.error(e);'])])})`;
  } },
  { name: 'chain: release in then', weight: 1.8, write: (scope, handle) => `.then(${handler(scope, 'r', (inner) => [...releasing(inner, handle), 'return r;'])})` },
  { name: 'chain: release in then by name', weight: 0.5, applies: worksByName, write: (_scope, handle) => (handle.nullable ? `.then(() => ${handle.name}?.release())` : `.then(${handle.name}.release)`) },
  { name: 'chain: release in catch', weight: 0.7, write: (scope, handle) => `.catch(${handler(scope, 'e', (inner) => [...releasing(inner, handle), 'throw e;'])})` },
  { name: 'chain: swallow, then release', weight: 1.5, write: (scope, handle) =>
    `.catch(${scope.random.pick(['() => undefined', '(e) => console.error(e)', `(e) => step(${scope.number()})`])}).then(${handler(scope, '', (inner) => releasing(inner, handle))})` },
  { name: 'chain: release in an async finally', weight: 1, write: (scope, handle) => `.finally(${handler(scope, '', (inner) => [...maybeEffect(inner, 0.3), ...releasing(inner, handle)], true)})` },
  { name: 'chain: conditional release in finally', weight: 0.6, write: (scope, handle) => `.finally(${handler(scope, '', (inner) => [`if (cond(${scope.number()})) {`, ...indent(releasing(inner, handle)), '}'])})` },
  { name: 'chain: never released', weight: 0.6, write: () => '' },
];

/** Work on a handle with the stages that follow. */
export function chainOn(scope: WritingScope, handle: HandleVariable): string {
  let text = workOn(scope, handle);
  for (let stages = scope.random.pick([0, 0, 0, 1, 1, 2]); stages > 0; stages--) text += middleStage(scope, handle);
  text += pickForm(scope, CLOSINGS, handle);
  if (scope.random.chance(0.15)) text += middleStage(scope, undefined);
  return text;
}

/** What stands before the work in a reaction that was given the handle. */
function preamble(scope: WritingScope, writer: BodyWriter, handle: HandleVariable): readonly string[] {
  const { random } = scope;
  const form = random.below(20);
  if (form < 2) return [`step(${scope.number()});`];
  if (form < 4) return ["console.log('connected');"];
  if (form < 5) return [`if (cond(${scope.number()})) {`, ...indent([...scope.release(handle), `return ${random.pick(['undefined', `task(${scope.number()})`])};`]), '}'];
  if (form < 6) return [`if (cond(${scope.number()})) return;`];
  if (form < 7) return writer.calm(scope);
  return [];
}

/** The reactions that get the handle. */
const HANDLERS: readonly Form<[writer: BodyWriter, name: string]>[] = [
  { name: 'handler: chain', weight: 8, write: (scope, writer, name) => handler(scope, name, (inner) => {
    const handle = inner.declare(name, false, false);
    return [...preamble(inner, writer, handle), `return ${chainOn(inner, handle)};`];
  }) },
  { name: 'handler: un-returned chain', weight: 1.5, write: (scope, writer, name) => handler(scope, name, (inner) => {
    const handle = inner.declare(name, false, false);
    return [...preamble(inner, writer, handle), `${chainOn(inner, handle)};`];
  }) },
  { name: 'handler: async', weight: 3, write: (scope, writer, name) => handler(scope, name, (inner) => {
    const handle = inner.declare(name, false, false);
    return releaseRegion(inner, writer, handle, () => inner.release(handle)).lines;
  }, true) },
  { name: 'handler: statements', weight: 1.5, write: (scope, writer, name) => handler(scope, name, (inner) => {
    const handle = inner.declare(name, false, false);
    return releaseRegion(inner, writer, handle, () => inner.release(handle)).lines;
  }) },
  { name: 'handler: return in try, release in finally', weight: 0.7, write: (scope, _writer, name) => handler(scope, name, (inner) => {
    const handle = inner.declare(name, false, false);
    return ['try {', `  return ${workOn(inner, handle)};`, '} finally {', ...indent(inner.release(handle)), '}'];
  }) },
  { name: 'handler: hands the handle on', weight: 1.8, write: (scope, writer, name) => {
    const pass = handler(scope, name, (inner) => {
      const handle = inner.declare(name, false, false);
      return [scope.random.chance(0.5) ? `return ${name};` : `return ${workOn(inner, handle)}.then(() => ${name});`];
    });
    return `${pass}).then(${handlerOf(scope, writer, scope.freshHandle())}`;
  } },
  { name: 'handler: hands the handle on in an array', weight: 1, write: (scope, _writer, name) => {
    const pass = handler(scope, name, (inner) => {
      const handle = inner.declare(name, false, false);
      return [scope.random.chance(0.5) ? `return Promise.all([${name}, ${workOn(inner, handle)}]);` : `return ${workOn(inner, handle)}.then((rows) => [${name}, rows]);`];
    });
    const next = scope.freshHandle();
    return `${pass}).then(${handler(scope, `[${next}, rows]`, (inner) => {
      const handle = inner.declare(next, false, false);
      return inner.random.chance(0.6) ? [...inner.release(handle), 'return rows;'] : [`return ${chainOn(inner, handle)};`];
    })}`;
  } },
  { name: 'handler: by name', weight: 2, applies: (scope) => !scope.pool.startsWith('this.'), write: (scope) =>
    scope.draft.helper(scope.random.pick(['useClient', 'withRows']), (helperName) => {
      const inner = WritingScope.ofHelper(scope.draft, false);
      const handle = inner.declare('handle', false, false);
      const text = `return ${chainOn(inner, handle)};`;
      return statementLines(`function ${helperName}(handle${scope.draft.annotate('any')}) {\n${indent([...maybeEffect(inner, 0.15), text]).join('\n')}\n}`);
    }) },
  { name: 'handler: release and go on', weight: 1, write: (scope, _writer, name) => handler(scope, name, (inner) => {
    const handle = inner.declare(name, false, false);
    return [...maybeEffect(inner, 0.2), ...inner.release(handle), `return task(${inner.number()});`];
  }) },
];

function handlerOf(scope: WritingScope, writer: BodyWriter, name: string): string {
  return pickForm(scope, HANDLERS, writer, name);
}

/** Expressions that are fulfilled with a fresh handle. */
const HEADS: readonly Form<[]>[] = [
  { name: 'head: acquire call', weight: 9, write: (scope) => acquireCall(scope) },
  { name: 'head: acquired in a reaction', weight: 1.2, write: (scope) => `task(${scope.number()}).then(() => ${acquireCall(scope)})` },
  { name: 'head: promise around a callback', weight: 1.2, applies: (scope) => scope.idiom.callback !== undefined, write: (scope) => promiseOfHandle(scope) },
  { name: 'head: factory with a promise', weight: 1.2, applies: (scope) => scope.idiom.callback !== undefined && !scope.idiom.other, write: (scope) => {
    const name = scope.draft.helper('openPromise', (helperName) => {
      const text = promiseOfHandle(WritingScope.ofHelper(scope.draft, false));
      return statementLines(scope.random.chance(0.5) ? `const ${helperName} = () => ${text};` : `function ${helperName}() {\n  return ${text};\n}`);
    });
    return `${name}()`;
  } },
  { name: 'head: factory with a chain', weight: 1.5, write: (scope) => {
    const name = scope.draft.helper('openChain', (helperName) => {
      const inner = WritingScope.ofHelper(scope.draft, false);
      const form = scope.random.below(4);
      const call = acquireCall(inner);
      const handle: HandleVariable = { name: 'fresh', nullable: false, reassignable: false, isDone: false };
      const text = form === 0 ? call : form === 1 ? `${call}.then((fresh) => fresh)` : form === 2
        ? `${call}.then((fresh) => ${workOn(inner, handle)}.then(() => fresh))`
        : `${call}.then((fresh) => ${workOn(inner, handle)}.then(() => fresh, ${handler(inner, 'e', (innermost) => [...innermost.release(handle), 'throw e;'])}))`;
      return statementLines(scope.random.chance(0.5) ? `const ${helperName} = () => ${text};` : `function ${helperName}() {\n  return ${text};\n}`);
    });
    return `${name}()`;
  } },
];

function acquireCall(scope: WritingScope): string {
  const call = scope.idiom.acquireCall(scope.pool);
  if (call === undefined) throw new Error(`${scope.idiom.name} has no call that acquires`);
  return call;
}

/** `new Promise((resolve, reject) => pool.connect((err, c) => …))` */
function promiseOfHandle(scope: WritingScope): string {
  const method = scope.idiom.callback?.method ?? 'connect';
  const body = scope.random.pick([
    ['if (err) reject(err);', 'else resolve(fresh);'],
    ['if (err) return reject(err);', 'resolve(fresh);'],
    ['return err ? reject(err) : resolve(fresh);'],
  ]);
  const callback = functionText(scope.random, 'err, fresh', body);
  return `new Promise(${functionText(scope.random, 'resolve, reject', statementLines(`${scope.pool}.${method}(${callback});`))})`;
}

/** How a chain stands in its function: returned, awaited, dropped, kept and awaited later. */
export function settle(scope: WritingScope, text: string, writer: BodyWriter): Written {
  const { random, outcome } = scope;
  const tell = outcome && random.chance(0.6) ? random.pick([`.then((r) => ${outcome.succeed('r')}, (e) => ${outcome.fail('e')})`, `.then((r) => ${outcome.succeed('r')}).catch((e) => ${outcome.fail('e')})`]) : '';
  const chain = `${text}${tell}`;
  const form = random.below(20);
  if (scope.isAsync) {
    if (form < 9) return straight(statementLines(`await ${chain};`));
    if (form < 11) return straight(statementLines(`const ${scope.fresh('result')} = await ${chain};`));
    if (form < 13 && scope.isEntry) return ending(statementLines(`return ${random.chance(0.3) ? 'await ' : ''}${chain};`));
    if (form < 15) {
      const pending = scope.fresh('pending');
      const between = random.chance(0.4) ? writer.calm(scope) : [];
      return straight([...statementLines(`const ${pending} = ${chain};`), ...between, `await ${pending};`]);
    }
    if (form < 16) return straight(['try {', ...indent(statementLines(`await ${chain};`)), '} catch (error) {', '  console.error(error);', '}']);
  } else if (form < 12 && outcome === undefined) {
    return ending(statementLines(`return ${chain};`));
  } else if (form < 14 && outcome === undefined) {
    const pending = scope.fresh('pending');
    return ending([...statementLines(`const ${pending} = ${chain};`), `return ${pending};`]);
  }
  if (form < 18) return straight(statementLines(`${random.chance(0.2) ? 'void ' : ''}${chain};`));
  return straight(statementLines(`${chain}.catch(${random.pick(['() => {}', 'console.error', '(e) => console.error(e)'])});`));
}

/** `pool.connect().then((c) => …)` */
function acquireChain(scope: WritingScope, writer: BodyWriter): Written {
  const head = pickForm(scope, HEADS);
  let text = `${head}.then(${handlerOf(scope, writer, scope.freshHandle())})`;
  if (scope.random.chance(0.15)) text += middleStage(scope, undefined);
  return settle(scope, text, writer);
}

/** `let c; pool.connect().then((x) => { c = x; … }).finally(() => { if (c) c.release(); })` */
function chainAroundVariable(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const fresh = scope.fresh('fresh');
  const handle = scope.declare(name, true, true);
  const store = handler(scope, fresh, (inner) => {
    const held: HandleVariable = { ...handle, nullable: false };
    return [...maybeEffect(inner, 0.1), `${name} = ${fresh};`, ...maybeEffect(inner, 0.1), `return ${workOn(inner, held)};`];
  });
  let text = `${pickForm(scope, HEADS)}.then(${store})`;
  if (scope.random.chance(0.5)) text += middleStage(scope, scope.random.chance(0.5) ? { ...handle, nullable: false } : undefined);
  text += pickForm(scope, CLOSINGS, handle);
  handle.isDone = true;
  const written = settle(scope, text, writer);
  return { lines: [`let ${name}${scope.draft.annotate('any')};`, ...written.lines], ends: written.ends };
}

/** `const c = new Client(); c.connect().then(() => …)` */
function clientChain(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const handle = scope.declare(name, false, false);
  const inside = scope.random.chance(0.5);
  const text = inside
    ? `${name}.connect().then(${handler(scope, '', (inner) => [`return ${chainOn(inner, handle)};`])})`
    : `${name}.connect().then(${handler(scope, '', (inner) => [`return ${workOn(inner, handle)};`])})${pickForm(scope, CLOSINGS, handle)}`;
  handle.isDone = true;
  const written = settle(scope, text, writer);
  return { lines: [`const ${name} = new Client();`, ...written.lines], ends: written.ends };
}

/** `const c = await pool.connect(); … await c.query().finally(() => c.release());` */
function awaitedThenChained(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const acquire = scope.random.chance(0.7) ? scope.acquireInto(`const ${name}`) : statementLines(`const ${name} = await ${pickForm(scope, HEADS)};`);
  const handle = scope.declare(name, false, false);
  const between = scope.random.chance(0.3) ? writer.calm(scope) : [];
  const written = settle(scope, chainOn(scope, handle), writer);
  handle.isDone = true;
  return { lines: [...acquire, ...between, ...written.lines], ends: written.ends };
}

/** An awaited acquisition whose release is a continuation: a timer, a reaction, a callback of an array method. */
function releasedByContinuation(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const before = scope.acquireInto(`const ${name}`);
  const handle = scope.declare(name, false, false);
  const release = (): string[] => {
    const inner = scope.inner(false);
    const statements = inner.release(handle);
    const byName = scope.idiom.releaseWorksDetached && scope.random.chance(0.3) ? `${name}.release` : functionText(scope.random, '', statements);
    const form = scope.random.pick(['timer', 'immediate', 'tick', 'reaction', 'each', 'work'] as const);
    scope.draft.constructs.add(`release by ${form}`);
    switch (form) {
      case 'timer':
        return statementLines(`setTimeout(${byName}, 10);`);
      case 'immediate':
        return statementLines(`setImmediate(${byName});`);
      case 'tick':
        return statementLines(`process.nextTick(${byName});`);
      case 'reaction':
        return statementLines(`${scope.random.chance(0.5) ? 'await ' : ''}Promise.resolve().then(${functionText(scope.random, '', statements)});`);
      case 'each':
        return statementLines(`[${name}].forEach(${functionText(scope.random, 'it', inner.release({ ...handle, name: 'it' }))});`);
      case 'work':
        return statementLines(`await task(${scope.number()}).finally(${byName});`);
    }
  };
  const region = releaseRegion(scope, writer, handle, release);
  return { lines: [...before, ...region.lines], ends: region.ends };
}

const hasChain = (scope: WritingScope): boolean => scope.idiom.isPromise && scope.idiom.name !== 'mysql2-callback' && scope.idiom.acquireCall('p') !== undefined && scope.depth < 5;
const isAsyncPromise = (scope: WritingScope): boolean => scope.isAsync && hasChain(scope);

export const CHAIN_CONSTRUCTS: readonly Construct[] = [
  { name: 'acquire chain', role: 'acquire', weight: 10, byContinuation: true, applies: hasChain, write: acquireChain },
  { name: 'chain around a variable', role: 'acquire', weight: 4, byContinuation: true, applies: hasChain, write: chainAroundVariable },
  { name: 'chain of a client', role: 'acquire', weight: 4, byContinuation: true, applies: (scope) => scope.idiom.name === 'pg-client', write: clientChain },
  { name: 'awaited, then chained', role: 'acquire', weight: 4, applies: isAsyncPromise, write: awaitedThenChained },
  { name: 'released by a continuation', role: 'acquire', weight: 3, applies: isAsyncPromise, write: releasedByContinuation },
  { name: 'un-awaited promise', role: 'effect', weight: 0.7, write: (scope) => straight([`task(${scope.number()})${scope.random.pick(['', '.catch(console.error)', '.then(() => {}, () => {})'])};`]) },
  { name: 'awaited promise', role: 'effect', weight: 2, applies: (scope) => scope.isAsync, write: (scope) => straight([`await task(${scope.number()});`]) },
  { name: 'async function that nobody awaits', role: 'acquire', weight: 1.5, byContinuation: true, applies: hasChain, write(scope, writer) {
    const inner = scope.inner(true);
    const name = inner.freshHandle();
    const acquire = inner.acquireInto(`const ${name}`);
    const handle = inner.declare(name, false, false);
    const lines = [...acquire, ...releaseRegion(inner, writer, handle, () => inner.release(handle)).lines];
    const head = scope.random.pick([`list(${scope.number()}).forEach(async (id) =>`, 'setTimeout(async () =>', 'setImmediate(async () =>', `[1].map(async (id) =>`]);
    return straight(braced(head, lines, head.startsWith('setTimeout') ? ', 10);' : ');'));
  } },
];

export const CHAIN_NAMES: readonly string[] = [
  ...[...CLOSINGS, ...HANDLERS, ...HEADS].map((form) => form.name),
  ...['timer', 'immediate', 'tick', 'reaction', 'each', 'work'].map((form) => `release by ${form}`),
];
