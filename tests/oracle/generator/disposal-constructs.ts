/**
 * `using` and `await using`: on handles that can dispose, on own wrappers, and on handles that cannot.
 */
import { straight, type BodyWriter, type Construct } from './construct.ts';
import { braced, indent, type WritingScope, type Written } from './writing-scope.ts';

function block(before: readonly string[], body: Written): Written {
  return { lines: ['{', ...indent([...before, ...body.lines]), '}'], ends: body.ends };
}

/** `await using c = await pool.getConnection();` */
function disposableHandle(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const inner = scope.block();
  // Left to the disposal: the handle is used through queries only.
  inner.handles.length = 0;
  const query = scope.random.chance(0.7) ? [`await ${scope.idiom.queryCall(name, scope.number(), false, scope.random)};`] : [];
  return block([`await using ${name} = ${scope.acquireExpression()};`, ...query], writer.body(inner));
}

/** An own object whose dispose method releases. */
function ownWrapper(scope: WritingScope, writer: BodyWriter): Written {
  const { random } = scope;
  const name = scope.freshHandle();
  const guard = scope.fresh('guard');
  const inner = scope.block();
  const handle = inner.declare(name, false, false);
  const isAsync = scope.isAsync && (scope.idiom.releaseIsPromise || random.chance(0.5));
  const methodScope = scope.inner(isAsync);
  const release = methodScope.release(handle);
  const key = isAsync && random.chance(0.8) ? 'async [Symbol.asyncDispose]' : isAsync ? undefined : '[Symbol.dispose]';
  const method = key ?? '[Symbol.dispose]';
  const keyword = isAsync ? 'await using' : 'using';
  const syncRelease = key === undefined ? scope.inner(false).release(handle) : release;
  const wrapper = braced(`${keyword} ${guard} =`, braced(`${method}()`, syncRelease, ','), ';');
  handle.isDone = true;
  const query = random.chance(0.6) ? [`${scope.query(handle)};`] : [];
  return block([...scope.acquireInto(`const ${name}`), ...wrapper, ...query], writer.body(inner));
}

/** A handle without a dispose method: the TypeError comes after the acquisition. */
function brokenUsing(scope: WritingScope): Written {
  const name = scope.freshHandle();
  const form = scope.random.pick([
    ...(scope.idiom.dispose === 'type-error' ? [`await using ${name} = ${scope.acquireExpression()};`] : []),
    `using ${name} = ${scope.acquireExpression()};`,
    `await using ${name} = ${scope.idiom.acquireCall(scope.pool)};`,
  ]);
  return straight(['{', `  ${form}`, `  console.log(${name});`, '}']);
}

/** `using x = null` and several resources in one block. */
function plainUsing(scope: WritingScope, writer: BodyWriter): Written {
  const first = scope.fresh('nothing');
  const second = scope.fresh('guard');
  const resource = braced(`using ${second} =`, braced('[Symbol.dispose]()', [`step(${scope.number()});`], ','), ';');
  return block([`using ${first} = null;`, ...resource], writer.body(scope.block()));
}

const promiseDriver = (scope: WritingScope): boolean => scope.isAsync && scope.idiom.isPromise && scope.acquireExpression() !== undefined;

export const DISPOSAL_CONSTRUCTS: readonly Construct[] = [
  { name: 'await using a handle', role: 'acquire', weight: 3, applies: (scope) => scope.isAsync && scope.idiom.dispose === 'releases', write: disposableHandle },
  { name: 'using an own wrapper', role: 'acquire', weight: 2.5, write: ownWrapper },
  { name: 'using without dispose', role: 'acquire', weight: 0.6, applies: promiseDriver, write: brokenUsing },
  { name: 'using without a handle', role: 'effect', weight: 0.6, applies: (scope) => scope.depth < 4, write: plainUsing },
];
