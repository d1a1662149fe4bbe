/**
 * What an instruction does to a disjunct. One function per instruction; calls are in `apply-call.ts`.
 * Nothing is reported here: what happens to the obligation is told to the run's observer, and findings are made after the fixpoint.
 */
import type { Variable } from '../bindings/scope-index.ts';
import type { Instruction, InstructionOf } from '../cfg/graph.ts';
import { mayThrow } from '../cfg/throw-policy.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { isExpressionRoot, type Held } from '../domain/place.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { factOf, withFact } from '../domain/facts.ts';
import type { Settlement } from '../domain/obligation.ts';
import { ALL, FALSE, FALSY, FULFILS, NULLISH, OTHER_TRUTHY, REJECTS, TRUE, TRUTHY, UNDEFINED, type ValueMask } from '../domain/value-mask.ts';
import { isFunctionNode, type Node } from '../syntax/estree.ts';
import { unwrapAwait, unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { asksResource, unattendedSide } from './asked-resource.ts';
import { bindPlace, forgetPlace, startStatement } from './bind-value.ts';
import { isInUnawaitedCallback } from './assigned-later.ts';
import { applyCall } from './apply-call.ts';
import { releaseHeld } from './apply-to-resource.ts';
import { noteTest } from './callback-order.ts';
import { completesOf } from './completes-of.ts';
import { usesSomeElement } from './element-access.ts';
import { followCall, type Continue } from './follow-call.ts';
import { freshOutcome, mayBeSpent } from './fresh-flag.ts';
import { heldAt, heldBy, placesBelow } from './held.ts';
import { hasEarlierCaretaker } from './may-discharge.ts';
import { isResource } from './other-resources.ts';
import { passAwait } from './overtaken.ts';
import type { PlaceRef } from './program-model.ts';
import { executorOf } from './promise-executor.ts';
import { isCondition, refineBranch, refineCondition, refinePlace } from './refine.ts';
import { resourcePaths } from './resource-paths.ts';
import type { Run, Send } from './run.ts';
import { stepIteration } from './step-iteration.ts';
import { maskOf } from './value-of.ts';

/** The completion that stands for all from this number on: a mask has 31 bits. */
const LAST_COMPLETION = 30;

/** Sends `disjunct`, which arrived at `instruction`, on to the successors. */
export function transfer(run: Run, instruction: Instruction, arrived: Disjunct, send: Send): void {
  const { model, tests } = run;
  const disjunct = instruction.starts
    ? run.withoutDeadAliases(startStatement(model, tests, arrived, instruction, run.graph), instruction.node.range[0])
    : arrived;
  if (run.isSettled(disjunct)) return;
  if (disjunct.state === 'held' && usesSomeElement(model, instruction, disjunct)) {
    run.settle(disjunct, { kind: 'unknown', why: 'unsupported' }, instruction.node);
    return;
  }
  const { next, thrown } = run.edges.of(instruction, send);
  if (run.context.kind.without?.has(instruction.node) === true) {
    next(disjunct);
    return;
  }
  switch (instruction.op) {
    case 'entry':
    case 'join':
      next(disjunct);
      return;
    case 'exit':
      return;
    case 'opaque':
      next(disjunct);
      thrown(disjunct);
      return;
    case 'call':
      applyCall(run, instruction, disjunct, next, thrown);
      return;
    case 'await':
      applyAwait(run, instruction, disjunct, next, thrown);
      return;
    case 'yield':
      if (instruction.value !== undefined && heldBy(model, disjunct, instruction.value.expression, instruction.value.path).some(({ role }) => role === 'promise')) {
        // Whoever drives the generator waits for the promise and hands the resource back: `const client = yield pool.connect()`.
        run.settle(disjunct, { kind: 'unknown', why: 'generator' }, instruction.node);
        if (disjunct.state === 'held') return;
      }
      next(disjunct);
      thrown(disjunct);
      send('alternate', instruction.alternate, { ...disjunct, facts: withFact(disjunct.facts, model.places.stoppedKey(run.unit).id, TRUE) });
      return;
    case 'iterate':
      stepIteration(run, instruction, disjunct, next, (state) => {
        send('alternate', instruction.alternate, state);
      }, thrown);
      return;
    case 'branch': {
      const tested = noteTest(model, disjunct, instruction);
      const fresh = instruction.kind === 'truthy' ? freshOutcome(run, tested, instruction.value.expression) : undefined;
      const whenTrue = fresh === false ? undefined : refineBranch(model, tests, tested, instruction, true);
      const whenFalse = fresh === true ? undefined : refineBranch(model, tests, tested, instruction, false);
      // A test whose outcome is known asks nothing.
      const isOpen = whenTrue !== undefined && whenFalse !== undefined && disjunct.exact && disjunct.state !== 'none' && asksResource(run, disjunct, instruction.value.expression);
      const unattended = isOpen && disjunct.state === 'held' ? unattendedSide(run, disjunct, instruction) : undefined;
      if (unattended !== undefined) run.settle(tested, { kind: 'unknown', why: 'own state' }, instruction.node);
      // What follows is no proof of a second release.
      const isReleased = (isOpen && (disjunct.state === 'released' || disjunct.state === 'destroyed')) || mayBeSpent(run, tested, instruction.value.expression);
      if (whenTrue !== undefined && unattended !== 'next') next(isReleased ? { ...whenTrue, exact: false } : whenTrue);
      if (whenFalse !== undefined && unattended !== 'alternate') send('alternate', instruction.alternate, isReleased ? { ...whenFalse, exact: false } : whenFalse);
      return;
    }
    case 'copy':
      next(forgetOperand(run, bindTo(run, disjunct, { root: instruction.node, path: '' }, instruction.value), instruction.value?.expression));
      return;
    case 'assign':
      applyAssign(run, instruction, disjunct, next);
      return;
    case 'clear': {
      const place = model.placeOf(instruction.target);
      next(bindPlace(model, tests, disjunct, place, { held: [], mask: UNDEFINED, source: undefined }));
      return;
    }
    case 'return': {
      const result = { root: model.places.result(run.unit), path: '' };
      const returned = withOutcome(run, disjunct, bindTo(run, disjunct, result, instruction.value), instruction.value?.expression);
      next(instruction.value && returnsPromise(run, disjunct, instruction.value.expression) ? noteRejection(run, returned) : returned);
      return;
    }
    case 'throw': {
      // What is thrown, whoever catches it has: `if (client.errno) throw client`.
      const isThrown = heldBy(model, disjunct, instruction.value.expression, instruction.value.path).some((one) => one.path === '' && one.role === 'handle');
      const rest = isThrown ? run.handOver(disjunct, 'thrown', instruction.node) : disjunct;
      if (rest !== undefined) thrown(rest);
      return;
    }
    case 'using':
      applyUsing(run, instruction, disjunct, next, thrown);
      return;
    case 'dispose':
      applyDispose(run, instruction, disjunct, next, thrown);
      return;
    case 'complete': {
      const key = model.places.regionKey(run.unit, instruction.region);
      const bit = 1 << Math.min(instruction.completion, LAST_COMPLETION);
      next({ ...disjunct, facts: withFact(disjunct.facts, key.id, bit) });
      return;
    }
    case 'dispatch': {
      const key = model.places.regionKey(run.unit, instruction.region);
      const completions = factOf(disjunct.facts, key.id);
      const rest = { ...disjunct, facts: withFact(disjunct.facts, key.id, ALL) };
      instruction.targets.forEach((target, completion) => {
        if (completions === ALL || (completions & (1 << Math.min(completion, LAST_COMPLETION))) !== 0) send('dispatch', target, rest);
      });
      return;
    }
  }
}

/**
 * Whether a function returns, without awaiting it, what may be a promise that rejects: then its own promise rejects if it is async,
 * past its `catch` clauses and after its `finally` blocks, and so does the promise that it is a reaction of.
 */
function returnsPromise(run: Run, disjunct: Disjunct, expression: Node): boolean {
  const { model } = run;
  const { unit } = run;
  if (!isFunctionNode(unit) || unit.generator) return false;
  const value = unwrapChain(expression);
  // What the calls give that do not throw (loggers, timers) is no promise of interest.
  const isCall = (value.type === 'CallExpression' || value.type === 'TaggedTemplateExpression') && mayThrow(value);
  if (!isCall && executorOf(value) === undefined) return false;
  const mask = maskOf(model, disjunct, value);
  // The resource, a promise that is known to be fulfilled, or no promise at all.
  if (heldBy(model, disjunct, value).some((one) => one.path === '') || mask === FULFILS || (mask & (REJECTS | OTHER_TRUTHY)) === 0) return false;
  const callee = value.type === 'CallExpression' ? model.callGraph.calleeOf(value) : undefined;
  if (callee === undefined) return true;
  const completes = completesOf(run.context, callee);
  return callee.async ? completes.throws : completes.rejects;
}

/** `returned`, which returns the value of `expression`, with its outcome where that is a condition which `disjunct` decides. */
function withOutcome(run: Run, disjunct: Disjunct, returned: Disjunct, expression: Node | undefined): Disjunct {
  if (expression === undefined || !isCondition(expression)) return returned;
  const [isTrue, isFalse] = [true, false].map((outcome) => refineCondition(run.model, run.tests, disjunct, expression, outcome) !== undefined);
  if (isTrue === isFalse) return returned;
  const key = run.model.places.placeKey(run.model.places.result(run.unit), '').id;
  return { ...returned, facts: withFact(returned.facts, key, isTrue === true ? TRUE : FALSE) };
}

function noteRejection(run: Run, disjunct: Disjunct): Disjunct {
  const key = run.model.places.placeKey(run.model.places.result(run.unit), FACT_PATHS.rejects);
  return { ...disjunct, facts: withFact(disjunct.facts, key.id, TRUE) };
}

/** The result of an operand was used up: nothing more is asked of it. */
function forgetOperand(run: Run, disjunct: Disjunct, operand: Node | undefined): Disjunct {
  if (operand === undefined) return disjunct;
  const place = run.model.placeOf(operand);
  return isExpressionRoot(place.root) && place.path === '' ? forgetPlace(run.model, disjunct, place) : disjunct;
}

/** `disjunct` after `place` received the value. */
function bindTo(run: Run, disjunct: Disjunct, place: PlaceRef, value: { expression: Node; path: string } | undefined): Disjunct {
  const { model, tests } = run;
  if (value === undefined) return bindPlace(model, tests, disjunct, place, { held: [], mask: UNDEFINED, source: undefined });
  const held = heldBy(model, disjunct, value.expression, value.path);
  const mask = maskOf(model, disjunct, value.expression, value.path);
  return bindPlace(model, tests, disjunct, place, { held, mask, source: value.path === '' ? value.expression : undefined });
}

/** Expressions whose value is no promise: awaiting them does not throw. */
const PLAIN_VALUES = new Set(['Literal', 'TemplateLiteral', 'ObjectExpression', 'ArrayExpression', 'FunctionExpression', 'ArrowFunctionExpression', 'ClassExpression']);

/** What is constructed is an object, and no promise unless it is constructed as one. */
function isPlainValue(node: Node): boolean {
  if (node.type === 'NewExpression') return node.callee.type === 'Identifier' && node.callee.name !== 'Promise';
  return PLAIN_VALUES.has(node.type);
}

function applyAwait(run: Run, instruction: InstructionOf<'await'>, arrived: Disjunct, next: Continue, thrown: Continue): void {
  const { model, tests } = run;
  const disjunct = passAwait(model, arrived);
  const { expression } = instruction.value;
  const held = heldBy(model, disjunct, expression);
  const mask = maskOf(model, disjunct, expression);
  const result = { root: instruction.node, path: '' };
  const place = model.placeOf(expression);
  const awaitedCall = unwrapAwait(expression);
  const resources = resourcePaths(run, awaitedCall);
  const settled = resources.includes('')
    ? OTHER_TRUTHY
    : model.places.factAt(disjunct.facts, place.root, place.path + FACT_PATHS.value);
  const awaited = held.map((one): Held => (one.role === 'promise' ? { ...one, role: 'handle' } : one));
  const fulfilled = (): void => {
    const companion = run.context.companions.get(awaitedCall);
    const out = companion === undefined ? disjunct : { ...disjunct, facts: withFact(disjunct.facts, companion.id, OTHER_TRUTHY) };
    const bound = bindPlace(model, tests, out, result, { held: awaited, mask: settled, source: undefined });
    let { facts } = bound;
    for (const path of resources) if (path !== '') facts = withFact(facts, model.places.placeKey(result.root, path).id, OTHER_TRUTHY);
    next(facts === bound.facts ? bound : { ...bound, facts });
  };
  if (mask === REJECTS) {
    thrown(disjunct);
  } else if (mask === FULFILS || (mask & ~NULLISH) === 0 || held.some((one) => one.path === '')) {
    // The resource itself, or a promise of it that is known to be fulfilled; `await undefined` does not throw either.
    fulfilled();
  } else {
    fulfilled();
    if (!isPlainValue(awaitedCall) && !isResource(run, expression)) thrown(disjunct);
  }
}

function applyAssign(run: Run, instruction: InstructionOf<'assign'>, disjunct: Disjunct, next: Continue): void {
  const { model, tests } = run;
  const { target, value } = instruction;
  if (value !== undefined && value.path === '' && target.type !== 'PropertyDefinition' && isCondition(value.expression)) {
    const place = model.placeOf(target);
    if (tests.isTestedAt(place)) {
      for (const outcome of [true, false]) {
        const refined = refineCondition(model, tests, disjunct, value.expression, outcome);
        if (refined !== undefined) next(bindPlace(model, tests, refined, place, { held: [], mask: outcome ? TRUE : FALSE, source: undefined }));
      }
      return;
    }
  }
  for (const part of splitByCopy(run, disjunct, instruction)) assignValue(run, instruction, part, next);
}

/**
 * `let client = passed`: from here on the two are absent together. Where later tests ask for both, the absent and the present case are followed apart.
 */
function splitByCopy(run: Run, disjunct: Disjunct, instruction: InstructionOf<'assign'>): readonly Disjunct[] {
  const { model, tests } = run;
  const { target, value } = instruction;
  if (value === undefined || (target.type !== 'Identifier' && target.type !== 'MemberExpression')) return [disjunct];
  const source = unwrapExpression(value.expression);
  if (source.type !== 'Identifier' && source.type !== 'MemberExpression') return [disjunct];
  const from = model.placeOf(source);
  const to = model.placeOf(target);
  const path = from.path + value.path;
  if (!tests.isTested(model.places.placeKey(to.root, to.path)) || tests.lastTestOf(model.places.placeKey(from.root, path).id) <= target.range[1]) return [disjunct];
  const parts = [true, false].map((present) => refinePlace(model, tests, disjunct, value, present ? TRUTHY : FALSY));
  return parts.filter((part) => part !== undefined);
}

function assignValue(run: Run, instruction: InstructionOf<'assign'>, disjunct: Disjunct, next: Continue): void {
  const { model, tests } = run;
  const { target, value } = instruction;
  const held = value ? heldBy(model, disjunct, value.expression, value.path) : [];
  const mask: ValueMask = value ? maskOf(model, disjunct, value.expression, value.path) : ALL;
  const source = value?.path === '' ? value.expression : undefined;
  if (target.type !== 'Identifier' && target.type !== 'MemberExpression' && target.type !== 'TSParameterProperty') {
    // A field or static field of a class.
    const rest = held.length > 0 ? run.handOver(disjunct, 'stored', instruction.node, placesBelow({ root: target, path: '' }, held)) : disjunct;
    if (rest !== undefined) next(rest);
    return;
  }
  const place = target.type === 'TSParameterProperty' ? run.fieldOf(target) : model.placeOf(target);
  if (place === undefined) {
    next(disjunct);
    return;
  }
  if (held.length > 0) {
    const settlement = settlementOf(run, disjunct, place, instruction);
    if (settlement?.kind === 'transferred') {
      const rest = run.handOver(disjunct, settlement.to, instruction.node, placesBelow(place, held));
      if (rest !== undefined) next(forgetPlace(model, rest, place));
      return;
    }
    if (settlement !== undefined) {
      run.settle(disjunct, settlement, instruction.node);
      return;
    }
  }
  if (place.root === target && target.type === 'Identifier') {
    next(disjunct);
    return;
  }
  next(bindPlace(model, tests, disjunct, place, { held, mask, source }));
}

/** What becomes of the obligation when the resource is assigned to `place`; undefined: the place is ours, an alias. */
function settlementOf(run: Run, disjunct: Disjunct, place: PlaceRef, instruction: InstructionOf<'assign'>): Settlement | undefined {
  const { model } = run;
  if (instruction.target.type === 'MemberExpression' && place.path === '') return { kind: 'transferred', to: 'put into a container' };
  if (!run.isOwnRoot(place.root, place.path)) {
    if (isInUnawaitedCallback(run.unit, place)) return { kind: 'unknown', why: 'continuation' };
    return { kind: 'transferred', to: place.path === '' ? 'stored in an outer variable' : 'stored' };
  }
  const variable = place.root as Partial<Variable>;
  if (Array.isArray(variable.references) && hasEarlierCaretaker(model, place.root as Variable, instruction.node.range[0], disjunct.site?.acquisition.type)) {
    return { kind: 'unknown', why: 'callback' };
  }
  return undefined;
}

/** A `using` declaration has its value: without a dispose method it throws, and what was acquired is lost. */
function applyUsing(run: Run, instruction: InstructionOf<'using'>, disjunct: Disjunct, next: Continue, thrown: Continue): void {
  const { model } = run;
  const place = model.placeOf(instruction.target);
  const held = heldAt(disjunct, place.root, place.path).find((one) => one.path === '');
  if (held === undefined || (held.role !== 'handle' && held.role !== 'promise')) {
    if (run.isNeverDisposable(instruction.node, instruction.awaits)) thrown(disjunct);
    else next(disjunct);
    return;
  }
  const dispose = disjunct.site?.acquisition.type.dispose;
  const works = held.role === 'handle' && dispose !== undefined && (dispose.kind === 'sync' || instruction.awaits);
  const acquisition = disjunct.site?.acquisition;
  const isGuess = acquisition?.pair !== undefined || acquisition?.isGuess === true;
  if (works) next(disjunct);
  // What is known by its name or its use may well have a dispose method.
  else if (isGuess) run.settle(disjunct, { kind: 'unknown', why: 'unsupported' }, instruction.node);
  else thrown(disjunct);
}

function applyDispose(run: Run, instruction: InstructionOf<'dispose'>, disjunct: Disjunct, next: Continue, thrown: Continue): void {
  const { model } = run;
  const place = model.placeOf(instruction.target);
  if ((maskOf(model, disjunct, instruction.target) & ~NULLISH) === 0) {
    next(disjunct);
    return;
  }
  const held = heldAt(disjunct, place.root, place.path);
  if (held.some((one) => one.path === '' && one.role === 'handle')) {
    const row = { effect: 'release', again: 'harmless' } as const;
    releaseHeld(run, instruction, disjunct, row, next, thrown);
    return;
  }
  const method = run.disposeMethod(instruction.target, held, instruction.awaits);
  if (method !== undefined) {
    const outcomes = followCall(run, method, disjunct, { receiver: place, arguments: [], call: instruction.node, isClosure: held.some((one) => one.closure === method) });
    for (const state of outcomes.normal) next(forgetPlace(model, state, { root: instruction.node, path: '' }));
    for (const state of outcomes.thrown) thrown(forgetPlace(model, state, { root: instruction.node, path: '' }));
    return;
  }
  next(disjunct);
  // Another resource whose library disposes it releases it, and a release does not throw.
  if (!run.isDisposable(instruction.node)) thrown(disjunct);
}

