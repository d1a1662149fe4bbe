/** How functions and promises end, whatever they are given: by a return, by a throw, fulfilled, rejected. */
import { START, type Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { FULFILS, PROMISE, REJECTS, TRUE, type ValueMask } from '../domain/value-mask.ts';
import type { FunctionNode, Node } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { AnalysisContext, Completes } from './analysis-context.ts';
import { Run } from './run.ts';

/** Whether `callee` can return and can throw. A recursive function can do both. */
export function completesOf(context: AnalysisContext, callee: FunctionNode): Completes {
  const known = context.completions.get(callee);
  if (known !== undefined) return known;
  const anything = { returns: true, throws: true, fulfils: true, rejects: true, keepsPromise: false };
  context.completions.set(callee, anything);
  if (context.model.graphOf(callee).isCut) return anything;
  const run = new Run(context, callee, 1).explore([{ at: context.model.graphOf(callee).entry, state: START }]);
  const outcomes = run.arrivalsAt(run.graph.exits.normal).map((arrival) => outcomeOf(context, callee, arrival.state));
  const throws = run.arrivalsAt(run.graph.exits.throw).length > 0;
  const rejects = outcomes.some((outcome) => (outcome & REJECTS) !== 0);
  const fulfils = outcomes.some((outcome) => (outcome & FULFILS) !== 0);
  const result = context.model.places.result(callee);
  const keepsPromise = outcomes.length > 0 && run.arrivalsAt(run.graph.exits.normal).every(({ state }) => context.model.places.factAt(state.facts, result, '') === FULFILS);
  const completes = { keepsPromise, returns: callee.async ? fulfils : outcomes.length > 0, throws: throws || (callee.async && rejects), fulfils, rejects };
  context.completions.set(callee, completes);
  return completes;
}

/** Whether something behind the only `yield` of the generator that a loop runs over may throw. */
export function throwsBehindYield(context: AnalysisContext, loop: Node): boolean {
  const call = loop.type === 'ForOfStatement' ? unwrapExpression(loop.right) : undefined;
  const callee = call?.type === 'CallExpression' ? context.model.family.modelAt(loop).bindings.calleeOf(call) : undefined;
  const step = callee && context.model.graphOf(callee).instructions.find((instruction) => instruction.op === 'yield');
  if (callee === undefined || step === undefined) return true;
  const run = new Run(context, callee, 1).explore([{ at: step.next, state: START }]);
  return run.arrivalsAt(run.graph.exits.throw).length > 0;
}

/** How a promise that takes over what `callee` returned at this exit may be settled: FULFILS, REJECTS, or both. */
export function outcomeOf(context: AnalysisContext, callee: FunctionNode, exit: Disjunct): ValueMask {
  const { places } = context.model;
  const result = places.result(callee);
  const mask = places.factAt(exit.facts, result, '');
  if (mask === REJECTS || mask === FULFILS) return mask;
  return places.factAt(exit.facts, result, FACT_PATHS.rejects) === TRUE ? PROMISE : FULFILS;
}
