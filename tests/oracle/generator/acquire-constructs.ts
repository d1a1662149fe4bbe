/**
 * Ways of acquiring: declarations, branches, loops, own-or-borrowed, promises, holders.
 */
import { straight, type BodyWriter, type Construct } from './construct.ts';
import { effect } from './effect-constructs.ts';
import { releaseRegion } from './release-region.ts';
import { braced, indent, type WritingScope, type Written } from './writing-scope.ts';

const joined = (before: readonly string[], rest: Written): Written => ({ lines: [...before, ...rest.lines], ends: rest.ends });
const isExpression = (scope: WritingScope): boolean => scope.acquireExpression() !== undefined;
const isEntryLevel = (scope: WritingScope): boolean => scope.isEntry;

/** `const c = await pool.connect()` and what follows. */
function acquireAndRelease(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const keyword = scope.random.pick(['const', 'const', 'let']);
  const before = scope.acquireInto(`${keyword} ${name}`);
  const handle = scope.declare(name, false, keyword === 'let');
  return joined(before, releaseRegion(scope, writer, handle, () => scope.release(handle)));
}

/** `let c; try { c = await pool.connect(); … } finally { c?.release(); }` */
function acquireInsideTry(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const handle = scope.declare(name, true, true);
  const inner = scope.block();
  inner.handles[inner.handles.indexOf(handle)] = { name, nullable: false, reassignable: true, mayBeForgotten: true, isDone: false };
  const early = scope.random.chance(0.3) ? [`${effect(scope)};`] : [];
  const acquire = scope.random.chance(0.12) && isExpression(scope) ? [`${name} ??= ${scope.acquireExpression()};`] : scope.acquireInto(name);
  const body = writer.body(inner);
  const lines = [`let ${name}${scope.draft.annotate('any')}${scope.random.chance(0.2) ? ' = null' : ''};`, 'try {', ...indent([...early, ...acquire, ...body.lines])];
  const form = scope.random.below(10);
  handle.isDone = true;
  let ends = false;
  if (form < 2) {
    const handler = writer.body(scope.block());
    lines.push('} catch (error) {', ...indent(handler.lines), '} finally {', ...indent(scope.release(handle)), '}');
  } else if (form < 3) {
    lines.push('} catch (error) {', ...indent([...scope.release(handle), 'throw error;']), '}', ...(body.ends ? [] : scope.release(handle)));
    ends = body.ends;
  } else if (form < 4) {
    lines.push('} catch (error) {', ...indent([...scope.release(handle), `${name} = undefined;`, `${effect(scope)};`]), '} finally {', ...indent(scope.release(handle)), '}');
  } else {
    lines.push('} finally {', ...indent(scope.release(handle)), '}');
    ends = body.ends;
  }
  return { lines, ends };
}

/** `const c = passed ?? await pool.connect(); … if (!passed) c.release();` */
function ownOrBorrowed(scope: WritingScope, writer: BodyWriter): Written {
  const { random, draft } = scope;
  const name = scope.freshHandle();
  const acquire = scope.acquireExpression();
  const viaOptions = random.chance(0.3);
  const [root, given] = viaOptions ? ['opts', 'opts.client'] : ['passed', 'passed'];
  draft.parameters.set(root, viaOptions ? '{ client?: any }' : 'any');
  const before: string[] = [];
  let guard = random.pick([`!${given}`, `${given} === undefined`, `${given} == null`]);
  const form = random.below(acquire === undefined ? 1 : 8);
  const asStatement = (target: string): string[] => (acquire === undefined ? scope.acquireInto(target) : [`${target} = ${acquire};`]);
  if (form === 0) {
    before.push(`let ${name}${draft.annotate('any')} = ${given};`, `let own = false;`, `if (!${name}) {`, ...indent([...asStatement(name), 'own = true;']), '}');
    guard = 'own';
  } else if (form === 1) {
    before.push(`const own = ${guard};`, `const ${name} = own ? ${acquire} : ${given};`);
    guard = 'own';
  } else if (form === 2) {
    before.push(`const ${name} = ${given} ? ${given} : ${acquire};`);
  } else if (form === 3) {
    before.push(`let ${name}${draft.annotate('any')} = ${given};`, `${name} ??= ${acquire};`);
  } else if (form === 4 && viaOptions) {
    before.push(`const { client: ${name} = ${acquire} } = opts;`);
  } else if (form === 5) {
    before.push(`let ${name}${draft.annotate('any')};`, `if (${given}) {`, `  ${name} = ${given};`, '} else {', `  ${name} = ${acquire};`, '}');
  } else {
    before.push(`const ${name} = ${given} ${random.pick(['??', '??', '||'])} ${acquire};`);
  }
  // `own` is declared once per program: a block keeps it apart from a second one.
  const inner = scope.block();
  const handle = inner.declare(name, false, false);
  const release = (): string[] => {
    const plain = inner.releaseExpression(name, false);
    if (random.chance(0.06)) return [`if (${given}) ${plain};`];
    return random.chance(0.5) ? [`if (${guard}) ${plain};`] : [`if (${guard}) {`, `  ${plain};`, '}'];
  };
  const region = releaseRegion(inner, writer, handle, release);
  return { lines: ['{', ...indent([...before, ...region.lines]), '}'], ends: region.ends };
}

/** `const own = cond(k); const c = own ? await pool.connect() : undefined; … if (own) c.release();` */
function guardedByCondition(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const own = scope.fresh('own');
  const before = [`const ${own} = cond(${scope.number()});`, `const ${name} = ${own} ? ${scope.acquireExpression()} : undefined;`];
  const handle = scope.declare(name, true, false);
  return joined(before, releaseRegion(scope, writer, handle, () => [`if (${own}) ${scope.releaseExpression(name, true)};`]));
}

/** `const c = cond(k) ? await pool.connect() : null;` and the other expressions that acquire on some paths. */
function acquireInExpression(scope: WritingScope, writer: BodyWriter): Written {
  const { random } = scope;
  const name = scope.freshHandle();
  const acquire = scope.acquireExpression();
  const k = scope.number();
  const form = random.below(6);
  if (form === 5) {
    const handle = scope.declare(name, false, true);
    const before = [`let ${name}${scope.draft.annotate('any')};`, `if (!(${name} = ${acquire})) throw new Error('no handle');`];
    return joined(before, releaseRegion(scope, writer, handle, () => scope.release(handle)));
  }
  if (form === 0) {
    const handle = scope.declare(name, true, true);
    return joined([`let ${name}${scope.draft.annotate('any')};`, `cond(${k}) && (${name} = ${acquire});`], releaseRegion(scope, writer, handle, () => scope.release(handle)));
  }
  if (form === 1) {
    const handle = scope.declare(name, true, false);
    return joined([`const ${name} = cond(${k}) ? ${acquire} : null;`], releaseRegion(scope, writer, handle, () => scope.release(handle)));
  }
  if (form === 2) {
    const handle = scope.declare(name, true, true);
    const before = [`let ${name}${scope.draft.annotate('any')};`, `if (cond(${k})) ${name} = ${acquire};`];
    return joined(before, releaseRegion(scope, writer, handle, () => scope.release(handle)));
  }
  if (form === 3) {
    const handle = scope.declare(name, false, false);
    return joined([`const ${name} = cond(${k}) ? ${acquire} : ${scope.acquireExpression()};`], releaseRegion(scope, writer, handle, () => scope.release(handle)));
  }
  const handle = scope.declare(name, false, true);
  return joined([`let ${name}${scope.draft.annotate('any')};`, `${name} ??= ${acquire};`], releaseRegion(scope, writer, handle, () => scope.release(handle)));
}

/** `const [c] = [await pool.connect()]`, `const { client } = { client: await pool.connect() }`, defaults. */
function acquireIntoPattern(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const acquire = scope.acquireExpression();
  const pattern = scope.random.pick([
    `const [${name}] = [${acquire}];`,
    `const { handle: ${name} } = { handle: ${acquire} };`,
    `const { missing: ${name} = ${acquire} } = ({}${scope.draft.isTypeScript ? ' as any' : ''});`,
    `const [${name} = ${acquire}] = [];`,
  ]);
  const handle = scope.declare(name, false, false);
  return joined([pattern], releaseRegion(scope, writer, handle, () => scope.release(handle)));
}

/** `const ctx = { client: await pool.connect() }; … ctx.client.release();` */
function acquireIntoHolder(scope: WritingScope, writer: BodyWriter): Written {
  const holder = scope.fresh('ctx');
  const path = `${holder}.client`;
  const before: string[] = [];
  if (scope.random.chance(0.5)) before.push(`const ${holder} = { client: ${scope.acquireExpression()} };`);
  else {
    const name = scope.freshHandle();
    before.push(...scope.acquireInto(`const ${name}`), `const ${holder} = { client: ${name} };`);
  }
  const handle = { name: path, nullable: false, reassignable: false, isDone: false };
  scope.handles.push(handle);
  return joined(before, releaseRegion(scope, writer, handle, () => [`${scope.releaseExpression(path, false)};`]));
}

/** A loop that acquires in each turn. */
function acquirePerTurn(scope: WritingScope, writer: BodyWriter): Written {
  const { random } = scope;
  const head = random.pick([`for (const ${scope.fresh('item')} of items(${scope.number()}))`, `while (cond(${scope.number()}))`, 'for (;;)']);
  const inner = scope.block({ label: undefined, isLoop: true, isSwitch: false });
  const turn = acquireAndRelease(inner, writer);
  const exit = head === 'for (;;)' ? [`if (cond(${scope.number()})) break;`] : [];
  return straight(braced(head, [...exit, ...turn.lines]));
}

/** A retry loop: the handle outlives the turn that acquired it. */
function retryLoop(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const handle = scope.declare(name, true, true);
  const probe = scope.random.chance(0.5) ? [`${effect(scope)};`] : [];
  const giveBack = scope.random.chance(0.6) ? [...scope.release(handle), `${name} = undefined;`] : [];
  const loop = [
    `let ${name}${scope.draft.annotate('any')};`,
    ...braced(scope.random.pick(['for (;;)', 'while (true)']), [
      'try {',
      ...indent([...scope.acquireInto(name), ...probe, 'break;']),
      '} catch (error) {',
      ...indent([...giveBack, `if (cond(${scope.number()})) throw error;`]),
      '}',
    ]),
  ];
  return joined(loop, releaseRegion(scope, writer, handle, () => scope.release(handle)));
}

/** `const pending = pool.connect(); … const c = await pending;` */
function pendingAcquisition(scope: WritingScope, writer: BodyWriter): Written {
  const pending = scope.fresh('pending');
  const name = scope.freshHandle();
  const between = scope.random.chance(0.6) ? writer.body(scope.block()) : straight([]);
  if (between.ends) return { lines: [`const ${pending} = ${scope.idiom.acquireCall(scope.pool)};`, ...between.lines], ends: true };
  const handle = scope.declare(name, false, false);
  const before = [`const ${pending} = ${scope.idiom.acquireCall(scope.pool)};`, ...between.lines, `const ${name} = await ${pending};`];
  return joined(before, releaseRegion(scope, writer, handle, () => scope.release(handle)));
}

/** Two handles under one `finally`. */
function twoAtOnce(scope: WritingScope, writer: BodyWriter): Written {
  const { random } = scope;
  const [first, second] = [scope.freshHandle(), scope.freshHandle()];
  const any = scope.draft.annotate('any');
  const isInside = random.chance(0.5);
  const a = scope.declare(first, isInside, isInside);
  const b = scope.declare(second, isInside, isInside);
  const inner = scope.block();
  if (isInside) inner.handles.splice(-2, 2, { ...a, nullable: false }, { ...b, nullable: false });
  const acquire = isInside
    ? [...scope.acquireInto(first), ...scope.acquireInto(second)]
    : [...scope.acquireInto(`const ${first}`), ...scope.acquireInto(`const ${second}`)];
  const body = writer.body(inner);
  const releases = random.chance(0.5) ? [...scope.release(a), ...scope.release(b)] : [...scope.release(b), ...scope.release(a)];
  a.isDone = b.isDone = true;
  const before = isInside ? [`let ${first}${any};`, `let ${second}${any};`] : acquire;
  const lines = [...before, 'try {', ...indent([...(isInside ? acquire : []), ...body.lines]), '} finally {', ...indent(releases), '}'];
  return { lines, ends: body.ends };
}

/** `let c = …; const old = c; c = …;` and both are released, or not. */
function aliasThenOverwrite(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const old = scope.fresh('old');
  const handle = scope.declare(name, false, true);
  const other = { name: old, nullable: false, reassignable: false, isDone: false };
  scope.handles.push(other);
  const releaseOld = scope.random.chance(0.8) ? scope.release(other) : [];
  const before = [...scope.acquireInto(`let ${name}`), `const ${old} = ${name};`];
  const swap = scope.random.chance(0.5) ? ['try {', ...indent(scope.acquireInto(name)), '} finally {', ...indent(releaseOld), '}'] : [...scope.acquireInto(name), ...releaseOld];
  other.isDone = true;
  return joined([...before, ...swap], releaseRegion(scope, writer, handle, () => scope.release(handle)));
}

/** `const c = await (async () => { …; return fresh; })();` */
function acquireInPlace(scope: WritingScope, writer: BodyWriter): Written {
  const name = scope.freshHandle();
  const fresh = scope.fresh('fresh');
  const inner = scope.inner(scope.isAsync);
  const between = scope.random.chance(0.4) ? [`${effect(inner)};`] : [];
  const head = scope.isAsync ? `const ${name} = await (async () =>` : `const ${name} = (() =>`;
  const before = braced(head, [...inner.acquireInto(`const ${fresh}`), ...between, `return ${fresh};`], ')();');
  const handle = scope.declare(name, false, false);
  return joined(before, releaseRegion(scope, writer, handle, () => scope.release(handle)));
}

const needsPromise = (scope: WritingScope): boolean => scope.idiom.isPromise && scope.idiom.acquireCall('p') !== undefined;

export const ACQUIRE_CONSTRUCTS: readonly Construct[] = [
  { name: 'acquire and release', role: 'acquire', weight: 10, write: acquireAndRelease },
  { name: 'acquire inside try', role: 'acquire', weight: 5, write: acquireInsideTry },
  { name: 'own or borrowed', role: 'acquire', weight: 4, applies: isEntryLevel, write: ownOrBorrowed },
  { name: 'guarded by a condition', role: 'acquire', weight: 1.2, applies: isExpression, write: guardedByCondition },
  { name: 'acquire in an expression', role: 'acquire', weight: 3, applies: isExpression, write: acquireInExpression },
  { name: 'acquire into a pattern', role: 'acquire', weight: 1.5, applies: isExpression, write: acquireIntoPattern },
  { name: 'acquire into a holder', role: 'acquire', weight: 2, applies: isExpression, write: acquireIntoHolder },
  { name: 'acquire per turn', role: 'acquire', weight: 2.5, applies: (scope) => scope.depth < 3, write: acquirePerTurn },
  { name: 'retry loop', role: 'acquire', weight: 1.5, write: retryLoop },
  { name: 'two at once', role: 'acquire', weight: 2.5, write: twoAtOnce },
  { name: 'alias then overwrite', role: 'acquire', weight: 1, write: aliasThenOverwrite },
  { name: 'acquire in a function called in place', role: 'acquire', weight: 1, write: acquireInPlace },
  { name: 'pending acquisition', role: 'acquire', weight: 1.5, applies: needsPromise, write: pendingAcquisition },
  {
    name: 'dropped acquisition',
    role: 'acquire',
    weight: 0.5,
    applies: isExpression,
    write(scope) {
      const call = scope.idiom.acquireCall(scope.pool);
      return straight([scope.random.pick([`${scope.acquireExpression()};`, `${call};`, `void ${call};`])]);
    },
  },
  {
    name: 'acquire and query at once',
    role: 'acquire',
    weight: 0.5,
    applies: isExpression,
    write(scope) {
      const name = scope.fresh('result');
      const call = scope.idiom.queryCall(`(${scope.acquireExpression()})`, scope.number(), false, scope.random);
      return straight([`const ${name} = ${scope.isAsync ? 'await ' : ''}${call};`]);
    },
  },
];
