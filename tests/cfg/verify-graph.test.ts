/** Every graph that we can lay hands on is well formed, and the check tells those that are not. */
import { describe, expect, it } from 'vitest';
import type { Graph, Instruction, InstructionId } from '../../src/cfg/graph.ts';
import { verifyGraph } from '../../src/cfg/verify-graph.ts';
import { corpusFiles } from '../corpus-files.ts';
import { modelOfSource, type SourceOptions } from '../model-of-source.ts';
import { generateProgram } from '../oracle/generator/generate-program.ts';

function verifyAll(source: string, options?: SourceOptions): number {
  const model = modelOfSource(source, options);
  for (const unit of model.file.units) verifyGraph(model.graphOf(unit));
  return model.file.units.length;
}

describe('every unit has a well-formed graph', () => {
  it.each(['src', 'rules', 'docs/example', 'tests/fixtures'])('in %s', (folder) => {
    const files = corpusFiles(folder);
    expect(files.length).toBeGreaterThan(0);
    for (const { path, text, options } of files) {
      expect(() => verifyAll(text, options), path).not.toThrow();
    }
  });

  it('in 300 generated programs', () => {
    let units = 0;
    for (let index = 0; index < 300; index++) units += verifyAll(generateProgram(23, index).source);
    expect(units).toBeGreaterThan(600);
  });

  it.each(['process.exit(1);', 'while (true) f();', 'for (;;) { f(); }', 'throw 1;', 'a: { break a; }', 'try { throw 1 } finally { throw 2 }', ''])('of %s', (source) => {
    expect(verifyAll(source)).toBe(1);
  });
});

const SOURCE = 'function* f() { try { if (a) g(); yield 1; } finally { h(); } }';

/** The graph of `SOURCE` with instructions of one kind changed. */
function broken(op: Instruction['op'], change: (instruction: Record<string, unknown>, graph: Graph) => void): Graph {
  const model = modelOfSource(SOURCE);
  const graph = model.graphOf(model.file.units[1]!);
  const instructions = graph.instructions.map((instruction) => ({ ...instruction }));
  const copy: Graph = { ...graph, instructions };
  change(instructions.find((instruction) => instruction.op === op) as unknown as Record<string, unknown>, copy);
  return copy;
}

describe('verifyGraph refuses', () => {
  it.each<[string, Instruction['op'], (instruction: Record<string, unknown>, graph: Graph) => void, RegExp]>([
    ['an edge to nowhere', 'call', (call) => (call['next'] = 999), /leads to 999, which does not exist/],
    ['an edge to the entry', 'call', (call, graph) => (call['next'] = graph.entry), /leads to the entry/],
    ['an edge out of an exit', 'exit', (exit) => (exit['next'] = 1), /exit.*has a next edge/],
    ['an instruction that leads nowhere', 'call', (call) => (call['next'] = -1), /has no next edge/],
    ['a branch with one side', 'branch', (branch) => (branch['alternate'] = -1), /has no alternate edge/],
    ['a branch that throws', 'branch', (branch, graph) => (branch['thrown'] = graph.exits.throw), /has a thrown edge/],
    ['a call with two sides', 'call', (call, graph) => (call['alternate'] = graph.exits.normal), /has an alternate edge/],
    ['an id that is no index', 'yield', (instruction) => (instruction['id'] = 0), /stands at index/],
    ['a dispatch with too few targets', 'dispatch', (dispatch) => (dispatch['targets'] = [1]), /has 1 targets for 3 completions/],
    ['a completion out of order', 'complete', (complete) => (complete['completion'] = 7), /has completion 7, expected 0/],
    ['a completion of no region', 'complete', (complete) => (complete['region'] = 7), /region 7, which does not exist/],
    ['a region with two entries', 'complete', (complete, graph) => (complete['next'] = graph.exits.normal), /enters its region elsewhere/],
  ])('%s', (_, op, change, problem) => {
    expect(() => verifyGraph(broken(op, change))).toThrow(problem);
  });

  it('exits that are none', () => {
    const graph = broken('exit', () => undefined);
    expect(() => verifyGraph({ ...graph, exits: { ...graph.exits, stop: graph.exits.normal } })).toThrow(/has no stop exit/);
    expect(() => verifyGraph({ ...graph, entry: graph.exits.normal })).toThrow(/has no entry/);
    expect(() => verifyGraph({ ...graph, entry: 999 as InstructionId })).toThrow(/has no entry/);
  });

  it('nothing in the graph as it was built', () => {
    expect(() => verifyGraph(broken('call', () => undefined))).not.toThrow();
  });
});
