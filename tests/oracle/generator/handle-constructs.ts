/**
 * What is done with a handle that is already there: use, test, store, return, hand on, release at an odd place.
 */
import { ending, straight, type Construct } from './construct.ts';
import { effect } from './effect-constructs.ts';
import { borrowingHelper } from './summary-constructs.ts';
import { braced, indent, type HandleVariable, type WritingScope } from './writing-scope.ts';

const hasHandle = (scope: WritingScope): boolean => scope.handles.length > 0;
const plainHandles = (scope: WritingScope): HandleVariable[] => scope.handles.filter((handle) => !handle.isDone && !handle.name.includes('.'));

const forgettable = (scope: WritingScope): HandleVariable[] =>
  plainHandles(scope).filter((handle) => handle.reassignable && (handle.nullable || handle.mayBeForgotten === true));

/** A handle to work on; undefined when all of them are done. */
function pickHandle(scope: WritingScope): HandleVariable | undefined {
  const usable = scope.usableHandles();
  return usable.length === 0 ? undefined : scope.random.pick(usable);
}

/** A construct about one handle; where all of them are done, an opaque call. */
function aboutHandle(
  name: string,
  weight: number,
  write: (scope: WritingScope, handle: HandleVariable) => string[],
  applies: (scope: WritingScope) => boolean = () => true,
): Construct {
  return {
    name,
    role: 'handle',
    weight,
    applies: (scope) => hasHandle(scope) && applies(scope),
    write(scope) {
      const handle = pickHandle(scope);
      return straight(handle ? write(scope, handle) : [`${effect(scope)};`]);
    },
  };
}

function leaving(name: string, weight: number, write: (scope: WritingScope, handle: string) => string[]): Construct {
  return {
    name,
    role: 'exit',
    weight,
    applies: (scope) => scope.isEntry && plainHandles(scope).length > 0,
    write: (scope) => ending(write(scope, scope.random.pick(plainHandles(scope)).name)),
  };
}

/** A function without parameters that releases; async where releasing is. */
function releaser(scope: WritingScope, handle: string): string {
  const inner = scope.inner(scope.isAsync && scope.idiom.releaseIsPromise);
  return `${inner.isAsync ? 'async ' : ''}() => { ${inner.releaseExpression(handle, true)}; }`;
}

export const HANDLE_CONSTRUCTS: readonly Construct[] = [
  aboutHandle('query', 14, (scope, handle) => [`${scope.query(handle)};`]),
  aboutHandle('query result', 3, (scope, handle) => [`const ${scope.fresh('result')} = ${scope.query(handle)};`]),
  aboutHandle('un-awaited query', 0.8, (scope, handle) => [`${scope.idiom.queryCall(handle.name, scope.number(), handle.nullable, scope.random)};`], (scope) => scope.isAsync && scope.idiom.isPromise),
  aboutHandle('test of the handle', 2, (scope, handle) => {
    const { name } = handle;
    const query = scope.query({ ...handle, nullable: false });
    return scope.random.chance(0.5) ? [`if (${name}) {`, `  ${query};`, '}'] : [`if (!${name}) throw new Error('no handle');`, `${query};`];
  }),
  aboutHandle('lend to an unknown function', 3, (scope, handle) => [
    `${scope.isAsync && scope.random.chance(0.5) ? 'await ' : ''}track(${scope.reference(handle.name)}, ${scope.number()});`,
  ]),
  aboutHandle('lend to a helper', 2, (scope, handle) => {
    const call = `${scope.isAsync ? 'await ' : ''}${borrowingHelper(scope)}(${scope.reference(handle.name)});`;
    return handle.nullable ? [`if (${handle.name}) ${call}`] : [call];
  }),
  aboutHandle('closure that uses', 1.5, (scope, handle) => {
    const run = scope.fresh('run');
    const inner = scope.inner(scope.isAsync);
    return [...braced(`const ${run} = ${scope.isAsync ? 'async ' : ''}() =>`, [`${inner.query(handle)};`], ';'), `${scope.isAsync ? 'await ' : ''}${run}();`];
  }),
  aboutHandle('stray release', 1.2, (scope, handle) => scope.release(handle)),
  aboutHandle('release under a compound test', 0.6, (scope, handle) => {
    const plain = scope.releaseExpression(handle.name, false);
    const test = scope.random.pick([`${handle.name} && (${scope.test()})`, `cond(${scope.number()}) && ${handle.name}`]);
    return [`if (${test}) {`, `  ${plain};`, '}'];
  }),
  aboutHandle('conditional release', 0.8, (scope, handle) => [`if (${scope.test()}) {`, ...indent(scope.release(handle)), '}']),
  aboutHandle('release and return', 2, (scope, handle) => [`if (cond(${scope.number()})) {`, ...indent([...scope.release(handle), 'return;']), '}']),
  aboutHandle('release in a class static block', 0.4, (scope, handle) => {
    const inner = scope.inner(false);
    return braced(`class ${scope.fresh('Cleanup')}`, braced('static', inner.release(handle)));
  }, (scope) => !scope.idiom.releaseIsPromise),
  aboutHandle('store outside', 0.8, (scope, handle) => [
    scope.random.pick([
      `registry.client = ${handle.name};`,
      `shared = ${handle.name};`,
      ...(scope.isMethod ? [`this.current = ${handle.name};`] : []),
    ]),
  ]),
  aboutHandle('pass to an unknown constructor', 0.8, (scope, handle) => [`const ${scope.fresh('session')} = new Session(${handle.name});`]),
  aboutHandle('local object', 0.8, (scope, handle) => {
    const holder = scope.fresh('bag');
    return [`const ${holder} = { ${/^\w+$/.test(handle.name) ? handle.name : `client: ${handle.name}`} };`];
  }),
  aboutHandle('yield the handle', 2, (_scope, handle) => [`yield ${handle.name};`], (scope) => scope.isGenerator),
  {
    name: 'overwrite',
    role: 'handle',
    acquires: true,
    weight: 1.2,
    applies: (scope) => plainHandles(scope).some((handle) => handle.reassignable),
    write(scope) {
      const handle = scope.random.pick(plainHandles(scope).filter((candidate) => candidate.reassignable));
      const release = scope.random.chance(0.5) ? scope.release(handle) : [];
      return straight([...release, ...scope.acquireInto(handle.name)]);
    },
  },
  {
    name: 'release and forget',
    role: 'handle',
    weight: 2,
    applies: (scope) => forgettable(scope).length > 0,
    write(scope) {
      const handle = scope.random.pick(forgettable(scope));
      const lines = [...scope.release(handle), `${handle.name} = ${scope.random.pick(['undefined', 'null'])};`];
      if (!handle.nullable) handle.isDone = true;
      return straight(lines);
    },
  },
  leaving('return a query result', 2, (scope, handle) => [`return ${scope.isAsync && scope.random.chance(0.6) ? 'await ' : ''}${scope.idiom.queryCall(handle, scope.number(), true, scope.random)};`]),
  leaving('return the handle', 1.2, (_scope, handle) => [`return ${handle};`]),
  leaving('return in an object', 0.8, (_scope, handle) => [`return { client: ${handle}, at: Date.now() };`]),
  leaving('return a release closure', 0.8, (scope, handle) => [`return ${releaser(scope, handle)};`]),
  leaving('return an object with a closure', 0.8, (scope, handle) => [`return { close: ${releaser(scope, handle)} };`]),
  leaving('return an owner', 0.6, (_scope, handle) => [`return new Session(${handle});`]),
];
