/**
 * Graphs against executions: for each shape, the paths of its graph and the executions of its code, under every choice of what calls do,
 * give the same sequences of calls and the same ends.
 */
import { describe, expect, it } from 'vitest';
import { verifyGraph } from '../../src/cfg/verify-graph.ts';
import { isFunctionNode, type FunctionNode } from '../../src/syntax/estree.ts';
import { modelOfSource } from '../model-of-source.ts';
import { executionTraces } from './execution-traces.ts';
import { EXPRESSION_SHAPES } from './expression-shapes.ts';
import { FINALLY_SHAPES } from './finally-shapes.ts';
import { graphTraces } from './graph-traces.ts';
import type { Shape } from './shape.ts';
import { STATEMENT_SHAPES } from './statement-shapes.ts';

function tracesOfGraph(source: string): Set<string> {
  const model = modelOfSource(`(${source});`);
  const graph = model.graphOf(model.file.units.find((unit): unit is FunctionNode => isFunctionNode(unit))!);
  verifyGraph(graph);
  return graphTraces(graph);
}

async function compare({ source, gets, graph }: Shape): Promise<void> {
  const paths = tracesOfGraph(source);
  const executions = await executionTraces(source, gets ?? []);
  const missing = [...executions].filter((trace) => !paths.has(trace)).sort();
  const extra = [...paths].filter((trace) => !executions.has(trace)).sort();
  expect(executions.size).toBeGreaterThan(0);
  expect({ missing, extra: graph === undefined ? extra : [] }).toEqual({ missing: [], extra: [] });
  // A shape whose graph is exact must not hide behind "above".
  if (graph !== undefined) expect(extra).not.toEqual([]);
}

describe.each([
  ['statements', STATEMENT_SHAPES],
  ['finally', FINALLY_SHAPES],
  ['expressions', EXPRESSION_SHAPES],
] as const)('%s', (_, shapes) => {
  it.each(shapes)('$name', compare);
});

it('a graph that loses an edge is told from one that does not', async () => {
  const executions = await executionTraces('function () { try { f1(); } finally { f2(); } }', []);
  expect([...executions].sort()).toEqual(['f1 f2 → normal', 'f1 f2 → throw']);
  expect(tracesOfGraph('function () { f1(); f2(); }')).not.toEqual(executions);
});
