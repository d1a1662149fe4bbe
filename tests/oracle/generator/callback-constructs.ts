/**
 * Node-style callbacks of the drivers: `pool.connect((err, client, done) => …)` and the queries inside, alone and in a promise.
 */
import { chainOn, settle } from './chain-constructs.ts';
import { straight, type BodyWriter, type Construct } from './construct.ts';
import { functionText, statementLines } from './function-text.ts';
import { releaseRegion } from './release-region.ts';
import { braced, indent, WritingScope, type HandleVariable, type Outcome, type Written } from './writing-scope.ts';

/** What the callbacks of one acquisition know: the handle, how it is given back, and how the outcome is told. */
interface CallbackFrame {
  readonly handle: HandleVariable;
  /** The release function that pg hands to the callback. */
  readonly done: string | undefined;
  readonly outcome: Outcome;
  readonly writer: BodyWriter;
}

const NOBODY: Outcome = { fail: (error) => `console.error(${error})`, succeed: () => "console.log('done')" };

function release(scope: WritingScope, { handle, done }: CallbackFrame, error?: string): string[] {
  if (done !== undefined && scope.random.chance(0.75)) return [`${done}(${error !== undefined && scope.random.chance(0.3) ? error : ''});`];
  return scope.release(handle);
}

/** Leaves the callback with an outcome. */
function leave(scope: WritingScope, told: string): string[] {
  const form = scope.random.below(10);
  if (form < 6) return [`return ${told};`];
  return form < 9 ? [`${told};`, 'return;'] : ['return;'];
}

function block(head: string, lines: readonly string[]): string[] {
  return lines.length === 1 ? [`${head} ${lines[0]}`] : [`${head} {`, ...indent(lines), '}'];
}

/** What a callback of a query does with its error, while the handle is held. */
function errorBranch(scope: WritingScope, frame: CallbackFrame, error: string): string[] {
  const { random, draft } = scope;
  const form = random.pickWeighted(
    ['release and fail', 'fail', 'rollback, release and fail', 'throw', 'none'] as const,
    (name) => ({ 'release and fail': 7, fail: 1.7, 'rollback, release and fail': 1.5, throw: 0.7, none: 0.7 })[name],
  );
  draft.constructs.add(`error branch: ${form}`);
  const failed = frame.outcome.fail(error);
  switch (form) {
    case 'release and fail':
      return block(`if (${error})`, [...release(scope, frame, error), ...leave(scope, failed)]);
    case 'fail':
      return block(`if (${error})`, leave(scope, failed));
    case 'rollback, release and fail': {
      const inner = scope.inner(false);
      const call = transactionCall(inner, frame, 'rollback', inner.random.pick(['', 'ignored']), [...release(inner, frame, error), `${failed};`]);
      return block(`if (${error})`, [...call, 'return;']);
    }
    case 'throw':
      return [`if (${error}) throw ${error};`];
    case 'none':
      return [];
  }
}

function queryCall(scope: WritingScope, frame: CallbackFrame, params: string, lines: readonly string[]): string[] {
  const callback = functionText(scope.random, params, lines, { mayBeKeyword: true });
  const text = scope.random.pick([`'q${scope.number()}', `, `'q${scope.number()}', [1], `]);
  return statementLines(`${frame.handle.name}.query(${text}${callback});`);
}

function transactionCall(scope: WritingScope, frame: CallbackFrame, verb: 'beginTransaction' | 'commit' | 'rollback', params: string, lines: readonly string[]): string[] {
  const callback = functionText(scope.random, params, lines, { mayBeKeyword: true });
  const { handle } = frame;
  if (scope.idiom.name === 'mysql2-callback') return statementLines(`${handle.name}.${verb}(${callback});`);
  const words = { beginTransaction: 'BEGIN', commit: 'COMMIT', rollback: 'ROLLBACK' };
  return statementLines(`${handle.name}.query('${words[verb]}', ${callback});`);
}

/** The rest of a callback that holds the handle: queries nested into each other, and an end. */
function callbackBody(scope: WritingScope, frame: CallbackFrame, depth: number): string[] {
  const { random, draft } = scope;
  const { outcome } = frame;
  const form = random.pickWeighted(
    ['query', 'transaction', 'finish', 'forget', 'finish first', 'guard', 'leaky guard', 'effect', 'chain', 'async query', 'late', 'calm'] as const,
    (name) =>
      ({
        query: depth > 0 ? 9 : 0,
        transaction: depth > 1 ? 2 : 0,
        finish: depth > 1 ? 1.5 : 8,
        forget: 0.5,
        'finish first': 0.8,
        guard: depth > 0 ? 1 : 0,
        'leaky guard': depth > 0 ? 0.5 : 0,
        effect: depth > 0 ? 0.8 : 0,
        chain: scope.idiom.name === 'pg' ? 1.2 : 0,
        'async query': scope.isAsync ? 8 : 0,
        late: 0.6,
        calm: depth > 0 ? 0.6 : 0,
      })[name],
  );
  draft.constructs.add(`callback body: ${form}`);
  const rest = (): string[] => callbackBody(scope, frame, depth - 1);
  switch (form) {
    case 'query': {
      const inner = scope.inner(false);
      const error = scope.fresh('err');
      const result = random.pick(['res', 'rows', '']);
      const params = result === '' ? error : `${error}, ${result}${inner.number()}`;
      if (random.chance(0.2)) {
        const told = random.chance(0.5) ? [`${outcome.fail(error)};`] : block(`if (${error})`, leave(inner, outcome.fail(error))).concat(`${outcome.succeed('true')};`);
        return queryCall(inner, frame, params, [...release(inner, frame, error), ...told]);
      }
      return queryCall(inner, frame, params, [...errorBranch(inner, frame, error), ...callbackBody(inner, frame, depth - 1)]);
    }
    case 'transaction': {
      const begin = scope.inner(false);
      const commit = begin.inner(false);
      const [first, last] = [scope.fresh('err'), scope.fresh('err')];
      const committed = [...errorBranch(commit, frame, last), ...callbackBody(commit, frame, 0)];
      const query = begin.random.chance(0.5) ? callbackQueryAround(begin, frame, () => transactionCall(commit, frame, 'commit', last, committed)) : transactionCall(commit, frame, 'commit', last, committed);
      return transactionCall(begin, frame, 'beginTransaction', first, [...errorBranch(begin, frame, first), ...query]);
    }
    case 'finish':
      return [...release(scope, frame), `${random.chance(0.2) ? 'return ' : ''}${outcome.succeed('true')};`];
    case 'forget':
      return [`${outcome.succeed('true')};`];
    case 'finish first':
      return [`${outcome.succeed('true')};`, ...release(scope, frame)];
    case 'guard':
      return [...block(`if (cond(${scope.number()}))`, [...release(scope, frame), ...leave(scope, outcome.succeed('null'))]), ...rest()];
    case 'leaky guard':
      return [...block(`if (cond(${scope.number()}))`, leave(scope, outcome.succeed('null'))), ...rest()];
    case 'effect':
      return [`step(${scope.number()});`, ...rest()];
    case 'chain':
      return statementLines(`${chainOn(scope, frame.handle)}${random.chance(0.5) ? `.then(() => ${outcome.succeed('true')}, (e) => ${outcome.fail('e')})` : ''};`);
    case 'async query': {
      const region = releaseRegion(scope, frame.writer, frame.handle, () => release(scope, frame));
      return [...region.lines, ...(region.ends ? [] : [`${outcome.succeed('true')};`])];
    }
    case 'late': {
      const inner = scope.inner(false);
      const callback = functionText(random, '', release(inner, frame));
      return [...statementLines(random.chance(0.5) ? `setTimeout(${callback}, 10);` : `setImmediate(${callback});`), `${outcome.succeed('true')};`];
    }
    case 'calm':
      return [...frame.writer.calm(scope), ...rest()];
  }
}

/** A query whose callback goes on with `next` when there was no error. */
function callbackQueryAround(scope: WritingScope, frame: CallbackFrame, next: () => string[]): string[] {
  const inner = scope.inner(false);
  const error = scope.fresh('err');
  return queryCall(inner, frame, error, [...errorBranch(inner, frame, error), ...next()]);
}

/** A function of the file that calls back with a handle: `function openWith(cb) { pool.connect(cb); }` */
function callbackFactory(scope: WritingScope): string {
  const { random, draft, idiom } = scope;
  return draft.helper('openWith', (name) => {
    const inner = WritingScope.ofHelper(draft, false);
    const connect = `${inner.pool}.${idiom.callback?.method}`;
    const handle = inner.declare('fresh', false, false);
    const [params, given] = idiom.callback?.hasDone ? ['err, fresh, done', 'fresh, done'] : ['err, fresh', 'fresh'];
    const form = random.pickWeighted(['passed on', 'told', 'checked', 'checked, leaky'] as const, (kind) => ({ 'passed on': 2, told: 3, checked: 1.5, 'checked, leaky': 1 })[kind]);
    draft.constructs.add(`factory that calls back: ${form}`);
    const failed = form === 'checked' ? braced('if (failure)', [...inner.release(handle), 'return cb(failure);']) : ['if (failure) return cb(failure);'];
    const checked = statementLines(`fresh.query('SET x', ${functionText(random, 'failure', [...failed, `cb(null, ${given});`])});`);
    const told = ['if (err) return cb(err);', ...(form === 'told' ? [`cb(null, ${given});`] : checked)];
    const body = form === 'passed on' ? [`${connect}(cb);`] : statementLines(`${connect}(${functionText(random, params, told)});`);
    return braced(`function ${name}(cb${draft.annotate('any')})`, body);
  });
}

/** `pool.connect((err, client, done) => { if (err) return cb(err); … });` */
function acquireByCallback(scope: WritingScope, writer: BodyWriter): Written {
  const { random, idiom } = scope;
  const open = random.chance(0.25) && !scope.idiom.other ? callbackFactory(scope) : `${scope.pool}.${idiom.callback?.method}`;
  const isAsync = idiom.isPromise && idiom.name === 'pg' && random.chance(0.15);
  const inner = scope.inner(isAsync);
  const error = scope.fresh('err');
  const name = scope.freshHandle();
  const handle = inner.declare(name, false, false);
  const done = idiom.callback?.hasDone && random.chance(0.6) ? scope.fresh(random.pick(['done', 'release'])) : undefined;
  const outcome = scope.outcome ?? NOBODY;
  const frame: CallbackFrame = { handle, done, outcome, writer };
  const depth = random.pick([0, 1, 1, 2, 2, 3]);
  const body = callbackBody(inner, frame, depth);
  const failed = outcome.fail(error);
  const form = random.below(12);
  const lines =
    form < 6
      ? [`if (${error}) return ${failed};`, ...body]
      : form < 8
        ? [`if (${error}) {`, ...indent([...(done !== undefined && random.chance(0.3) ? [`${done}();`] : []), `${failed};`, 'return;']), '}', ...body]
        : form < 9
          ? [`if (${error}) throw ${error};`, ...body]
          : form < 10
            ? [`if (${error} || !${name}) return ${failed};`, ...body]
            : [`if (${error}) {`, ...indent([`${failed};`]), '} else {', ...indent(body), '}'];
  const callback = functionText(random, [error, name, ...(done === undefined ? [] : [done])].join(', '), lines, { isAsync, mayBeKeyword: !scope.pool.startsWith('this.') });
  handle.isDone = true;
  // A function that calls back hands over to whoever wrote the callback: there it is written in place.
  if (random.chance(0.1) && open.startsWith(`${scope.pool}.`) && !scope.pool.startsWith('this.')) {
    const onClient = scope.fresh('onClient');
    return straight([...statementLines(`const ${onClient} = ${callback};`), `${open}(${onClient});`]);
  }
  return straight(statementLines(`${open}(${callback});`));
}

/** `const c = new Client(); c.connect((err) => …)` */
function clientByCallback(scope: WritingScope, writer: BodyWriter): Written {
  const inner = scope.inner(false);
  const name = scope.freshHandle();
  const handle = inner.declare(name, false, false);
  const error = scope.fresh('err');
  const outcome = scope.outcome ?? NOBODY;
  const body = callbackBody(inner, { handle, done: undefined, outcome, writer }, scope.random.pick([0, 1, 1, 2]));
  const failed = scope.random.chance(0.8) ? [`if (${error}) return ${outcome.fail(error)};`] : [`if (${error}) throw ${error};`];
  return straight([`const ${name} = new Client();`, ...statementLines(`${name}.connect(${functionText(scope.random, error, [...failed, ...body])});`)]);
}

/** `new Promise((resolve, reject) => { pool.connect((err, client) => …) })` */
function promiseAroundCallback(scope: WritingScope, writer: BodyWriter): Written {
  const inner = scope.inner(false);
  inner.outcome = { fail: (error) => `reject(${error})`, succeed: (value) => `resolve(${value})` };
  const before = scope.random.chance(0.1) ? [`step(${scope.number()});`] : [];
  const { lines } = acquireByCallback(inner, writer);
  return settle(scope, `new Promise(${functionText(scope.random, 'resolve, reject', [...before, ...lines])})`, writer);
}

/** `await new Promise((resolve, reject) => client.query('q', (err, res) => …))` */
function queryInPromise(scope: WritingScope, handle: HandleVariable): string[] {
  const body = scope.random.pick([['if (err) reject(err);', 'else resolve(res);'], ['if (err) return reject(err);', `step(${scope.number()});`, 'resolve(res);']]);
  const callback = functionText(scope.random, 'err, res', body);
  const text = `new Promise(${functionText(scope.random, 'resolve, reject', statementLines(`${handle.name}.query('q${scope.number()}', ${callback});`))})`;
  return statementLines(`${scope.isAsync ? 'await ' : ''}${text};`);
}

const hasCallback = (scope: WritingScope): boolean => scope.idiom.callback !== undefined && scope.depth < 5;
const callbackHandles = (scope: WritingScope): HandleVariable[] => (hasCallback(scope) ? scope.handles.filter((handle) => !handle.isDone && !handle.nullable) : []);

export const CALLBACK_CONSTRUCTS: readonly Construct[] = [
  { name: 'acquire by callback', role: 'acquire', weight: 9, byContinuation: true, applies: hasCallback, write: acquireByCallback },
  { name: 'promise around a callback', role: 'acquire', weight: 3.5, byContinuation: true, applies: hasCallback, write: promiseAroundCallback },
  { name: 'client by callback', role: 'acquire', weight: 6, byContinuation: true, applies: (scope) => scope.idiom.name === 'pg-client' && scope.depth < 5, write: clientByCallback },
  {
    name: 'query in a promise',
    role: 'handle',
    weight: 3,
    applies: (scope) => callbackHandles(scope).length > 0,
    write: (scope) => straight(queryInPromise(scope, scope.random.pick(callbackHandles(scope)))),
  },
  {
    name: 'query with a callback',
    role: 'handle',
    weight: 3,
    applies: (scope) => callbackHandles(scope).length > 0,
    write(scope) {
      const handle = scope.random.pick(callbackHandles(scope));
      const inner = scope.inner(false);
      const body = scope.random.pick([['if (err) console.error(err);'], [`step(${scope.number()});`], inner.release(handle)]);
      return straight(statementLines(`${handle.name}.query('q${scope.number()}', ${functionText(scope.random, 'err', body)});`));
    },
  },
];
