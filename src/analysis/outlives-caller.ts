/**
 * Whether an execution that leaves a function can end with the process alive: the code that calls it may end the process,
 * `main().catch((error) => { …; process.exit(1) })`, and what was out is gone with it.
 */
import type { ExitKind } from '../cfg/graph.ts';
import { START, type Disjunct } from '../domain/disjunct.ts';
import { factOf, withFact } from '../domain/facts.ts';
import { FULFILS, REJECTS, type ValueMask } from '../domain/value-mask.ts';
import { isFunctionNode, type CallLike, type Node, type UnitNode } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { AnalysisContext } from './analysis-context.ts';
import { callShape } from './call-shape.ts';
import { completesOf } from './completes-of.ts';
import { executorOf } from './promise-executor.ts';
import { Run } from './run.ts';

/** Answers for leaving `unit` by `exit`. A function that others than the code of the file can call goes on in code that we do not see. */
export function outlivesCaller(context: AnalysisContext, unit: UnitNode, exit: ExitKind, asked: ReadonlySet<UnitNode> = new Set()): boolean {
  if (!isFunctionNode(unit) || unit.generator || asked.has(unit)) return true;
  const calls = context.model.callGraph.callsOf(unit);
  if (calls === undefined || calls.length === 0) return true;
  return calls.some((call) => outlivesCall(context, unit, call, exit, new Set([...asked, unit])));
}

/**
 * Answers for a callback in the executor of a promise, which leaves with `state`: whoever waits for the promise that it settled may end the process,
 * `try { await new Promise((resolve, reject) => …) } catch { process.exit(1) }`.
 */
export function outlivesPromise(context: AnalysisContext, unit: UnitNode, state: Disjunct): boolean {
  const { places } = context.model;
  for (let node: Node | undefined = unit.parent; node; node = node.parent) {
    const call = isFunctionNode(node) && node.parent.type === 'NewExpression' && executorOf(node.parent) === node ? node.parent : undefined;
    if (call === undefined) continue;
    const outcome = factOf(state.facts, places.placeKey(places.promised(node as UnitNode), '').id);
    return (outcome !== REJECTS && outcome !== FULFILS) || outlivesSettled(context, call, outcome, new Set([unit]));
  }
  return true;
}

function outlivesCall(context: AnalysisContext, unit: UnitNode, call: CallLike, exit: ExitKind, asked: ReadonlySet<UnitNode>): boolean {
  const isAsync = isFunctionNode(unit) && unit.async;
  return outlivesSettled(context, call, exit === 'throw' ? REJECTS : FULFILS, asked, isAsync);
}

/** Whether what follows `call` can end with the process alive, when the promise that it gives is settled so; of one that gives none, when it throws or returns. */
function outlivesSettled(context: AnalysisContext, call: CallLike, outcome: ValueMask, asked: ReadonlySet<UnitNode>, isPromise = true): boolean {
  if (isPromise && outcome === REJECTS && endsOnRejection(context, call)) return false;
  const caller = context.model.file.unitOf(call);
  const instruction = context.model.graphOf(caller).instructions.find((one) => one.op === 'call' && one.node === call);
  if (instruction === undefined) return true;
  const facts = isPromise ? withFact(START.facts, context.model.places.placeKey(call, '').id, outcome) : START.facts;
  const at = outcome === REJECTS && !isPromise ? instruction.thrown : instruction.next;
  const run = new Run(context, caller, 0).explore([{ at, state: { ...START, facts } }]);
  return (['normal', 'throw', 'stop'] as const).some((end) => {
    if (end === 'throw' && caller.type === 'Program') return false;
    return run.arrivalsAt(run.graph.exits[end]).length > 0 && outlivesCaller(context, caller, end, asked);
  });
}

/** Whether the promise that the call gives has a reaction that ends the process when it is rejected. */
function endsOnRejection(context: AnalysisContext, call: CallLike): boolean {
  let promise: Node = call;
  for (;;) {
    const member: Node | undefined = promise.parent;
    const reaction: Node | undefined = member?.type === 'MemberExpression' && member.object === promise ? member.parent : undefined;
    if (reaction?.type !== 'CallExpression' || reaction.callee !== member) return false;
    const { name, arguments: [first, second] } = callShape(reaction);
    const rejected = name === 'catch' ? first : name === 'then' ? second : undefined;
    if (rejected !== undefined) return endsProcess(context, rejected);
    if (name !== 'then' && name !== 'finally') return false;
    promise = reaction;
  }
}

/** Whether the function that `node` stands for never comes back. */
function endsProcess(context: AnalysisContext, node: Node): boolean {
  const expression = unwrapChain(node);
  const reaction = isFunctionNode(expression) ? expression : context.model.callGraph.functionAt(expression);
  if (reaction === undefined || reaction.generator) return false;
  const { returns, throws } = completesOf(context, reaction);
  return !returns && !throws;
}
