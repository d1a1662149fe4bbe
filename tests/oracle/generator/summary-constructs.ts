/**
 * Handles that pass through functions of the file: factories, releasing and borrowing helpers, closures, once-guards.
 */
import { straight, type BodyWriter, type Construct } from './construct.ts';
import { effect } from './effect-constructs.ts';
import { releaseRegion } from './release-region.ts';
import { braced, indent, WritingScope, type HandleVariable, type Written } from './writing-scope.ts';

const joined = (before: readonly string[], rest: Written): Written => ({ lines: [...before, ...rest.lines], ends: rest.ends });

/** Head of a module-level helper, async where the driver or the helper needs it. */
function helperHead(scope: WritingScope, name: string, params: string, isAsync: boolean): string {
  const arrow = scope.random.chance(0.25);
  const prefix = isAsync ? 'async ' : '';
  return arrow ? `const ${name} = ${prefix}(${params}) =>` : `${prefix}function ${name}(${params})`;
}

interface ReleasingHelper {
  readonly name: string;
  readonly isAsync: boolean;
}

/** A helper that releases its parameter: always, on normal return only, under a condition, or never. */
function releasingHelper(scope: WritingScope): ReleasingHelper {
  const { draft, random } = scope;
  const kind = random.pickWeighted(
    ['closeAlways', 'closeOnReturn', 'closeMaybe', 'closeNever', 'closeSafely', 'closeIfGiven'] as const,
    (name) => ({ closeAlways: 5, closeOnReturn: 1.5, closeMaybe: 0.7, closeNever: 0.7, closeSafely: 2, closeIfGiven: 2 })[name],
  );
  const isAsync = scope.isAsync && (scope.idiom.releaseIsPromise || random.chance(0.4));
  const kindName = `${kind}${isAsync ? 'Async' : ''}`;
  const name = draft.helper(kindName, (helperName) => {
    const inner = WritingScope.ofHelper(draft, isAsync);
    const handle = inner.declare('handle', false, false);
    const release = (): string[] => [`${inner.releaseExpression('handle', false)};`];
    const bodies: Record<typeof kind, () => string[]> = {
      closeAlways: () => [...(random.chance(0.3) ? ["console.log('closing');"] : []), ...release()],
      closeOnReturn: () => [`${effect(inner)};`, ...release()],
      closeMaybe: () => [`if (cond(${inner.number()})) {`, ...indent(release()), '}'],
      closeNever: () => [`${effect(inner)};`],
      closeSafely: () => ['try {', `  ${random.chance(0.5) ? `${effect(inner)};` : `${inner.query(handle)};`}`, '} finally {', ...indent(release()), '}'],
      closeIfGiven: () => ['if (handle) {', ...indent(release()), '}'],
    };
    return braced(helperHead(inner, helperName, `handle${draft.annotate('any')}`, isAsync), bodies[kind]());
  });
  return { name, isAsync };
}

function callReleasingHelper(scope: WritingScope, helper: ReleasingHelper, handle: HandleVariable): string[] {
  const call = `${helper.isAsync ? 'await ' : ''}${helper.name}(${scope.reference(handle.name)});`;
  return handle.nullable && !scope.idiom.releaseTakesUndefined ? [`if (${handle.name}) ${call}`] : [call];
}

function releaseByHelper(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const before = scope.acquireInto(`const ${name}`);
  const handle = scope.declare(name, false, false);
  const helper = releasingHelper(scope);
  return joined(before, releaseRegion(scope, writer, handle, () => callReleasingHelper(scope, helper, handle)));
}

type FactoryKind = 'open' | 'openChecked' | 'openSafely' | 'openArrow' | 'openWrapped' | 'openInObject' | 'openWithClose';

/** A module-level function that hands a fresh handle to its caller, in some way. */
function factory(scope: WritingScope): { kind: FactoryKind; name: string } {
  const { draft, random } = scope;
  const kinds: FactoryKind[] = ['open', 'open', 'openChecked', 'openSafely', 'openInObject', 'openWithClose', 'openWrapped'];
  if (scope.acquireExpression() !== undefined) kinds.push('openArrow');
  const kind = random.pick(kinds);
  const isAsync = scope.isAsync;
  const name = draft.helper(`${kind}${isAsync ? 'Async' : ''}`, (helperName) => {
    const inner = WritingScope.ofHelper(draft, isAsync);
    const handle = inner.declare('fresh', false, false);
    const acquire = inner.acquireInto('const fresh');
    const head = helperHead(inner, helperName, '', isAsync);
    switch (kind) {
      case 'open':
        return braced(head, [...acquire, 'return fresh;']);
      case 'openChecked':
        return braced(head, [...acquire, `${random.chance(0.5) ? effect(inner) : inner.query(handle)};`, 'return fresh;']);
      case 'openSafely':
        return braced(head, [
          ...acquire,
          'try {',
          `  ${effect(inner)};`,
          '  return fresh;',
          '} catch (error) {',
          ...indent([...inner.release(handle), 'throw error;']),
          '}',
        ]);
      case 'openInObject':
        return braced(head, [...acquire, 'return { client: fresh };']);
      case 'openWithClose': {
        const releaseInner = WritingScope.ofHelper(draft, false);
        return braced(head, [...acquire, 'return {', '  client: fresh,', `  close() { ${releaseInner.releaseExpression('fresh', false)}; },`, '};']);
      }
      case 'openArrow':
        return [`const ${helperName} = () => ${inner.idiom.acquireCall(draft.modulePool)};`];
      case 'openWrapped': {
        const base = draft.helper(`open${isAsync ? 'Async' : ''}`, (baseName) =>
          braced(`${isAsync ? 'async ' : ''}function ${baseName}()`, [...inner.acquireInto('const fresh'), 'return fresh;']),
        );
        return braced(head, [random.chance(0.5) && isAsync ? `return await ${base}();` : `return ${base}();`]);
      }
    }
  });
  return { kind, name };
}

function acquireFromFactory(scope: WritingScope, writer: BodyWriter): Written {
  const { kind, name } = factory(scope);
  const call = `${scope.isAsync ? 'await ' : ''}${name}()`;
  const variable = scope.freshHandle();
  if (kind === 'openInObject') {
    const handle = scope.declare(variable, false, false);
    return joined([`const { client: ${variable} } = ${call};`], releaseRegion(scope, writer, handle, () => scope.release(handle)));
  }
  if (kind === 'openWithClose') {
    const session = scope.fresh('session');
    const handle = { name: `${session}.client`, nullable: false, reassignable: false, isDone: false };
    scope.handles.push(handle);
    return joined([`const ${session} = ${call};`], releaseRegion(scope, writer, handle, () => [`${session}.close();`]));
  }
  const handle = scope.declare(variable, false, false);
  return joined([`const ${variable} = ${call};`], releaseRegion(scope, writer, handle, () => scope.release(handle)));
}

/** `const cleanup = () => { client.release(); }` with or without a once-guard, called where a release would be. */
function cleanupClosure(scope: WritingScope, writer: BodyWriter): Written {
  const { random, draft } = scope;
  const name = scope.freshHandle();
  const cleanup = scope.fresh('cleanup');
  const isAsync = scope.isAsync && (scope.idiom.releaseIsPromise || random.chance(0.2));
  const declaredBefore = random.chance(0.25);
  const handle = scope.declare(name, declaredBefore, declaredBefore);
  const inner = scope.inner(isAsync);
  const flag = random.chance(0.4) ? scope.fresh('released') : undefined;
  const release = inner.release(handle);
  const guarded =
    flag === undefined
      ? release
      : random.chance(0.5)
        ? [`if (${flag}) return;`, `${flag} = true;`, ...release]
        : [`if (!${flag}) {`, ...indent([`${flag} = true;`, ...release]), '}'];
  const head = random.chance(0.7) ? `const ${cleanup} = ${isAsync ? 'async ' : ''}() =>` : `${isAsync ? 'async ' : ''}function ${cleanup}()`;
  const closure = [...(flag === undefined ? [] : [`let ${flag} = false;`]), ...braced(head, guarded, head.startsWith('const') ? ';' : '')];
  if (flag !== undefined) draft.constructs.add('once-guard in a closure');
  const acquire = declaredBefore
    ? [`let ${name}${draft.annotate('any')};`, ...closure, ...scope.acquireInto(name)]
    : [...scope.acquireInto(`const ${name}`), ...closure];
  return joined(acquire, releaseRegion(scope, writer, handle, () => [`${isAsync ? 'await ' : ''}${cleanup}();`]));
}

/** `let released = false; … if (!released) { released = true; c.release(); }` in several places. */
function onceGuard(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const flag = scope.fresh('released');
  const before = [...scope.acquireInto(`const ${name}`), `let ${flag} = false;`];
  const handle = scope.declare(name, false, false);
  const guarded = (): string[] => braced(`if (!${flag})`, [`${flag} = true;`, ...scope.release(handle)]);
  const body = writer.body(scope.block());
  const early = scope.random.chance(0.6) ? [`if (cond(${scope.number()})) {`, ...indent(guarded()), '}'] : body.ends ? [] : guarded();
  const lines = [...before, 'try {', ...indent([...early, ...body.lines]), '} finally {', ...indent(guarded()), '}'];
  handle.isDone = true;
  return { lines, ends: body.ends };
}

function aliased(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const alias = scope.fresh('same');
  const form = scope.random.pick([`const ${alias} = ${name};`, `const [${alias}] = [${name}];`, `let ${alias}${scope.draft.annotate('any')}; [${alias}] = [${name}];`, `const { it: ${alias} } = { it: ${name} };`]);
  const before = [...scope.acquireInto(`const ${name}`), form];
  const handle = scope.declare(name, false, false);
  const other = { name: alias, nullable: false, reassignable: false, isDone: false };
  scope.handles.push(other);
  const written = releaseRegion(scope, writer, handle, () => scope.release(scope.random.chance(0.7) ? other : handle));
  other.isDone = true;
  return joined(before, written);
}

function detachedRelease(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const release = scope.fresh('release');
  const form = scope.random.pick([`const { release: ${release} } = ${name};`, `const ${release} = ${name}.release;`]);
  const before = [...scope.acquireInto(`const ${name}`), form];
  const handle = scope.declare(name, false, false);
  return joined(before, releaseRegion(scope, writer, handle, () => [`${release}();`]));
}

/** A generator of the file lends its handle; the consumer's loop is the region. */
function lentByGenerator(scope: WritingScope, writer: BodyWriter): Written {
  const { draft, random } = scope;
  const generator = draft.helper('lend', (name) => {
    const inner = WritingScope.ofHelper(draft, true);
    const handle = inner.declare('lent', false, false);
    const body = random.chance(0.75)
      ? ['try {', '  yield lent;', '} finally {', ...indent(inner.release(handle)), '}']
      : ['yield lent;', ...inner.release(handle)];
    return braced(`async function* ${name}()`, [...inner.acquireInto('const lent'), ...body]);
  });
  const variable = scope.freshHandle();
  const inner = scope.block({ label: undefined, isLoop: true, isSwitch: false });
  inner.handles.push({ name: variable, nullable: false, reassignable: false, isDone: false });
  const body = [...(random.chance(0.6) ? [`${inner.query(inner.handles.at(-1) as HandleVariable)};`] : []), ...writer.calm(scope.block())];
  return straight(braced(`for await (const ${variable} of ${generator}())`, [...body, ...(random.chance(0.2) ? ['break;'] : [])]));
}

/** `const c = await this.open();`, and sometimes `this.close(c)`. */
function throughMethods(scope: WritingScope, writer: BodyWriter): Written {
  const { draft, random } = scope;
  const open = scope.fresh('open');
  const method = WritingScope.ofMethod(scope);
  const fresh = method.declare('fresh', false, false);
  const checks = random.chance(0.4) ? ['try {', `  ${method.query(fresh)};`, '} catch (error) {', ...indent([...method.release(fresh), 'throw error;']), '}'] : [];
  draft.methods.push(...braced(`async ${open}()`, [...method.acquireInto('const fresh'), ...checks, 'return fresh;']));
  let close: string | undefined;
  if (random.chance(0.5)) {
    close = scope.fresh('close');
    const inner = WritingScope.ofMethod(scope);
    const handle = inner.declare('handle', false, false);
    const before = random.chance(0.25) ? [`${effect(inner)};`] : [];
    draft.methods.push(...braced(`async ${close}(handle${draft.annotate('any')})`, [...before, ...inner.release(handle)]));
  }
  const name = scope.freshHandle();
  const handle = scope.declare(name, false, false);
  const release = (): string[] => (close === undefined ? scope.release(handle) : [`await this.${close}(${scope.reference(name)});`]);
  return joined([`const ${name} = await this.${open}();`], releaseRegion(scope, writer, handle, release));
}

export const SUMMARY_CONSTRUCTS: readonly Construct[] = [
  { name: 'through methods', role: 'acquire', weight: 5, applies: (scope) => scope.isMethod, write: throughMethods },
  { name: 'release by a helper', role: 'acquire', weight: 3, write: releaseByHelper },
  { name: 'acquire from a factory', role: 'acquire', weight: 4, write: acquireFromFactory },
  { name: 'cleanup closure', role: 'acquire', weight: 3, write: cleanupClosure },
  { name: 'once-guard', role: 'acquire', weight: 2, write: onceGuard },
  { name: 'alias', role: 'acquire', weight: 2, write: aliased },
  { name: 'detached release', role: 'acquire', weight: 2, applies: (scope) => scope.idiom.releaseWorksDetached, write: detachedRelease },
  { name: 'lent by a generator', role: 'acquire', weight: 1, applies: (scope) => scope.isAsync && scope.depth < 3, write: lentByGenerator },
];

/** Helpers that only use their parameter. */
export function borrowingHelper(scope: WritingScope): string {
  const { draft } = scope;
  return draft.helper(scope.isAsync ? 'useAsync' : 'use', (name) => {
    const inner = WritingScope.ofHelper(draft, scope.isAsync);
    const handle = inner.declare('handle', false, false);
    return braced(helperHead(inner, name, `handle${draft.annotate('any')}`, scope.isAsync), [`${inner.query(handle)};`]);
  });
}
