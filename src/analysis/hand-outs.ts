/** Starting points: what holds just after an acquisition succeeded. For a factory of the file, what its body hands out. */
import { NONE, type Graph, type Instruction, type InstructionOf } from '../cfg/graph.ts';
import { leadsTo } from '../cfg/leads-to.ts';
import type { Acquisition } from '../bindings/entity.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { withFact } from '../domain/facts.ts';
import { isPromiseRoot } from '../domain/place.ts';
import { ALL, FULFILS, REJECTS } from '../domain/value-mask.ts';
import type { CallLike, FunctionNode, Node, UnitNode } from '../syntax/estree.ts';
import type { AcquisitionCall, AcquisitionCalls } from './acquisition-calls.ts';
import type { AnalysisContext } from './analysis-context.ts';
import { promiseOf } from './apply-promise.ts';
import { leaveReaction } from './apply-reaction.ts';
import { aliasSet, forgetPlace, type Bound } from './bind-value.ts';
import { enterCall, leaveCall } from './call-frame.ts';
import { callbackHandOuts, callbackTarget } from './callback-acquisition.ts';
import { callShape, type CallShape } from './call-shape.ts';
import { outcomeOf } from './completes-of.ts';
import { continuationKind } from './continuation-calls.ts';
import { storedAliases } from './follow-call.ts';
import { refineCondition } from './refine.ts';
import { mayDischarge } from './may-discharge.ts';
import { Run } from './run.ts';

/** A disjunct in which the resource was just acquired, on the normal edge of `instruction`. */
export interface Start {
  readonly at: number;
  readonly state: Disjunct;
}

/** A call instruction that may acquire. */
export interface AcquiringInstruction {
  readonly instruction: InstructionOf<'call'>;
  readonly call: AcquisitionCall;
}

/**
 * Whether anything is taken where `call` leads: it acquires by itself, or what it calls does, or what that calls. Many functions have the name of one that hands
 * something out, and take nothing: they need not be followed to find that out.
 */
export function takesSomething(context: AnalysisContext, calls: AcquisitionCalls, call: AcquisitionCall): boolean {
  const units = new Set<UnitNode>();
  for (let pending: readonly AcquisitionCall[] = [call]; pending.length > 0; ) {
    const callees = new Set<UnitNode>();
    for (const one of pending) {
      if (one.kind !== 'local' || one.acquisition !== undefined) return true;
      if (!units.has(one.callee)) callees.add(one.callee);
      units.add(one.callee);
    }
    pending = [...callees].flatMap((callee) => context.acquisitionCallsOf(callee, calls));
  }
  return false;
}

/** The call instructions of a unit that may acquire, in source order. */
export function acquiringInstructions(context: AnalysisContext, calls: AcquisitionCalls, unit: UnitNode): readonly AcquiringInstruction[] {
  const wanted = new Map(context.acquisitionCallsOf(unit, calls).flatMap((call) => (takesSomething(context, calls, call) ? [[call.node as Node, call]] : [])));
  const found: AcquiringInstruction[] = [];
  if (wanted.size === 0) return found;
  for (const instruction of context.model.graphOf(unit).instructions) {
    if (instruction.op !== 'call') continue;
    const call = wanted.get(instruction.node);
    if (call !== undefined) found.push({ instruction, call });
  }
  return found;
}

/**
 * What is known at each point of the unit when it is entered with `entry` and nothing is acquired. With `acquiring`, it is followed only as far
 * as one of these still lies ahead: most functions begin with theirs.
 */
export function factsBefore(context: AnalysisContext, unit: UnitNode, entry: Disjunct, depth: number, acquiring?: readonly AcquiringInstruction[]): Run {
  const run = new Run(context, unit, depth);
  const ahead = acquiring && leadsTo(run.graph, acquiring.map(({ instruction }) => instruction));
  return run.explore([{ at: run.graph.entry, state: entry }], ahead);
}

/** Whether `instruction` is the first of its unit that does anything: then control comes to it, and nothing is known there that the entry does not say. */
export function isFirst(graph: Graph, instruction: Instruction): boolean {
  let at = graph.entry;
  while (at !== NONE && at !== instruction.id && PASSING.has(graph.instructions[at]!.op)) at = graph.instructions[at]!.next;
  // A loop that leads back to it goes through other instructions, which may find something out.
  return at === instruction.id && leadsTo(graph, [instruction])[at] === 0;
}

/** What comes before the first instruction. */
const PASSING: ReadonlySet<Instruction['op']> = new Set(['entry', 'join']);

/**
 * Whether what is known before an acquisition of the unit can matter after it, wherever it stands: a test lies behind it, a release may
 * throw, or a `using` declaration throws on every run.
 */
export function needsFacts(context: AnalysisContext, unit: UnitNode): boolean {
  if (context.tests.hasTests(unit) || context.releaseOutcomes.size > 0) return true;
  return context.model.graphOf(unit).instructions.some((instruction) => instruction.op === 'using');
}

/** Whether `node` stands in a `catch` or `finally` block of the unit, which may never be entered, or not in every way. */
export function isInsideHandler(node: Node, unit: UnitNode): boolean {
  let child: Node = node;
  for (let parent = node.parent; parent && child !== unit; child = parent, parent = parent.parent) {
    if (parent.type === 'CatchClause' || (parent.type === 'TryStatement' && parent.finalizer === child)) return true;
  }
  return false;
}

/** The starting points of one acquiring call, given what is known before it. */
export function startsAfter(
  context: AnalysisContext,
  calls: AcquisitionCalls,
  instruction: InstructionOf<'call'>,
  call: AcquisitionCall,
  before: Disjunct,
  depth: number,
): Start[] {
  const { places } = context.model;
  if (call.kind === 'local') {
    const handed = handOuts(context, calls, call.callee, before, instruction, depth);
    if (handed.length > 0 || call.acquisition === undefined) return handed;
  }
  const { acquisition } = call;
  if (acquisition === undefined) return [];
  const target = callbackTarget(context.model.family.modelAt(call.node), call);
  if (target !== undefined) {
    if (target.kind !== 'function' || call.kind !== 'direct') return [];
    return callbackHandOuts(context, call, target.node, before, depth).map((state) => ({ at: instruction.next, state }));
  }
  if (acquisition.style === 'receiver' && call.kind === 'direct') return heldByReceiver(context, instruction, acquisition, before);
  const role = acquisition.style === 'promise' ? 'promise' : 'handle';
  return [
    {
      at: instruction.next,
      state: {
        ...withReceiver(context, call.node, before),
        state: call.kind === 'idle' ? 'idle' : 'held',
        site: context.site(call.node, acquisition),
        aliases: [places.alias(call.node, acquisition.property === undefined ? '' : `.${acquisition.property}`, role)],
      },
    },
  ];
}

/** What a method was called on is there: `let connection; try { connection = await connect(url); await connection.createChannel(); … } finally { if (connection) … }`. */
function withReceiver(context: AnalysisContext, call: CallLike, before: Disjunct): Disjunct {
  const { isMethod, receiver } = callShape(call);
  if (!isMethod || receiver?.type !== 'Identifier') return before;
  const model = context.model.family.modelAt(call);
  return refineCondition(model, context.testsOf(model), before, receiver, true) ?? before;
}

/** `await em.begin()`: from here on the object that the method is called on holds the resource, if the promise is fulfilled. */
function heldByReceiver(context: AnalysisContext, instruction: InstructionOf<'call'>, acquisition: Acquisition, before: Disjunct): Start[] {
  const shape = callShape(instruction.node as CallLike);
  if (shape.receiver === undefined) return [];
  const { places } = context.model;
  const { root, path } = context.model.family.modelAt(shape.node).placeOf(shape.receiver);
  const facts = withFact(before.facts, places.placeKey(shape.node, '').id, FULFILS);
  return [{ at: instruction.next, state: { ...before, facts, state: 'held', site: context.site(shape.node, acquisition), aliases: [places.alias(root, path, 'handle')] } }];
}

/** What `callee`, called at `instruction`, hands out to its caller: acquired inside, alive at its normal exit, and reachable from outside. */
function handOuts(
  context: AnalysisContext,
  calls: AcquisitionCalls,
  callee: FunctionNode,
  before: Disjunct,
  instruction: InstructionOf<'call'>,
  depth: number,
): Start[] {
  if (context.active.has(callee) || depth > 4 || callee.generator) return [];
  const node = instruction.node as Parameters<typeof callShape>[0];
  const shape = callShape(node);
  const model = context.model.family.modelAt(node);
  const receiver = shape.isMethod && shape.receiver !== undefined ? model.placeOf(shape.receiver) : undefined;
  const site = { receiver: shape.isNew ? { root: node, path: '' } : receiver, arguments: shape.arguments, call: node, isClosure: false };
  const isCalled = model.modelOf(callee) !== model || model.callGraph.calleeOf(node) === callee;
  const kind = isCalled ? undefined : continuationKind(model, node, callee);
  const { entry, frame } = enterCall(context, callee, before, kind === undefined ? site : { ...site, receiver: undefined, given: UNKNOWN_VALUES });
  const exits = handedOut(context, calls, callee, entry, depth + 1);
  const caller = new Run(context, context.model.file.unitOf(node), depth);
  const isInPlace = callee.parent === node;
  const starts: Start[] = [];
  for (const { state: exit, outcome } of exits) {
    const left = leaveCall(context, callee, exit, frame, site, outcome);
    // What a function that is called where it stands acquires is acquired in there; of any other function, its call is the acquisition.
    const acquired = isInPlace ? left : { ...left, site: context.site(node, exit.site!.acquisition) };
    const isThrown = outcome === 'thrown' && !callee.async;
    const at = isThrown && kind === undefined ? instruction.thrown : instruction.next;
    const states = kind === undefined ? [acquired] : leaveContinuation(caller, kind, shape, callee, acquired, isThrown);
    for (const state of states) if (state.aliases.length > 0 && storedAliases(caller, state, site).length === 0) starts.push({ at, state });
  }
  return starts;
}

/** What a continuation is given before anything is acquired: nothing is known of it. */
const UNKNOWN_VALUES: readonly Bound[] = [0, 1, 2].map(() => ({ held: [], mask: ALL, source: undefined }));

/** What a continuation acquired, in the terms of the promise (or of the list of promises) that the call gives. */
function leaveContinuation(
  run: Run,
  kind: NonNullable<ReturnType<typeof continuationKind>>,
  shape: CallShape,
  callee: FunctionNode,
  state: Disjunct,
  isThrown: boolean,
): readonly Disjunct[] {
  switch (kind) {
    case 'reaction':
      return leaveReaction(run, shape, isThrown ? { normal: [], thrown: [state] } : { normal: [state], thrown: [] });
    case 'executor':
      return [promiseOf(run, shape.node, callee, state, isThrown)];
    case 'mapper': {
      // One element of the list: what the function gave, in any place.
      const { places } = run.model;
      const aliases = state.aliases.map((alias) => (alias.root === shape.node ? places.alias(alias.root, `.?${alias.path}`, alias.role, alias.closure) : alias));
      return isThrown ? [] : [{ ...forgetPlace(run.model, state, { root: shape.node, path: '' }), aliases: aliasSet(aliases) }];
    }
  }
}

/** An exit of a function on which it hands something out. */
export interface HandedOut {
  readonly state: Disjunct;
  readonly outcome: 'normal' | 'thrown';
}

/** The exits of `callee` on which something acquired inside it is reachable from outside. */
function handedOut(context: AnalysisContext, calls: AcquisitionCalls, callee: FunctionNode, entry: Disjunct, depth: number): readonly HandedOut[] {
  return context.handOuts.valueFor(callee, entry, (widened) => findHandedOut(context, calls, callee, widened, depth));
}

function findHandedOut(context: AnalysisContext, calls: AcquisitionCalls, callee: FunctionNode, entry: Disjunct, depth: number): readonly HandedOut[] {
  const exits: HandedOut[] = [];
  const acquiring = acquiringInstructions(context, calls, callee);
  if (acquiring.length === 0) return exits;
  context.active.add(callee);
  const facts = factsBefore(context, callee, entry, depth, acquiring);
  for (const { instruction, call } of acquiring) {
    for (const arrival of facts.arrivalsAt(instruction.id)) {
      const starts = startsAfter(context, calls, instruction, call, arrival.state, depth);
      if (starts.length === 0) continue;
      const run = new Run(context, callee, depth).explore(starts);
      for (const outcome of ['normal', 'thrown'] as const) {
        for (const { state } of run.arrivalsAt(run.graph.exits[outcome === 'normal' ? 'normal' : 'throw'])) {
          if ((state.state !== 'held' && state.state !== 'idle') || !isReachable(context, callee, state, outcome)) continue;
          const isRejected = callee.async && outcomeOf(context, callee, state) === REJECTS;
          exits.push({ state, outcome: isRejected ? 'thrown' : outcome });
        }
      }
    }
  }
  context.active.delete(callee);
  return exits;
}

function isReachable(context: AnalysisContext, callee: FunctionNode, exit: Disjunct, outcome: 'normal' | 'thrown'): boolean {
  const { model } = context;
  const captured = model.capturedBy(callee);
  const result = model.places.result(callee);
  const self = model.selfOf(callee);
  return exit.aliases.some(({ root, closure }) => {
    if (!((root === result && outcome === 'normal') || root === self || captured.has(root) || isPromiseRoot(root))) return false;
    // What only functions capture that use it, and cannot give it back, no caller can look after.
    return closure === undefined || mayDischarge(model.modelOf(closure), exit, closure);
  });
}
