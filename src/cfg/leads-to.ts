import type { Graph, InstructionId } from './graph.ts';

/**
 * Which instructions lead to one of `targets` by at least one edge (1), by number of the instruction; the others (0) cannot.
 * A target is among them where control can come back to one, in a loop.
 */
export function leadsTo(graph: Graph, targets: Iterable<InstructionId>): Uint8Array {
  const { instructions } = graph;
  // The edges turned round, as linked lists in two arrays: the edges into `id` are `last[id]`, `previous[last[id]]`, …
  const last = new Int32Array(instructions.length).fill(-1);
  const previous: number[] = [];
  const origins: number[] = [];
  const add = (from: number, to: number): void => {
    if (to < 0) return;
    previous.push(last[to]!);
    last[to] = origins.push(from) - 1;
  };
  for (const instruction of instructions) {
    const { id } = instruction;
    add(id, instruction.next);
    add(id, instruction.alternate);
    add(id, instruction.thrown);
    if (instruction.op === 'dispatch') for (const target of instruction.targets) add(id, target);
  }
  const leads = new Uint8Array(instructions.length);
  const pending: number[] = [...targets];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    for (let edge = last[id]!; edge >= 0; edge = previous[edge]!) {
      const origin = origins[edge]!;
      if (leads[origin] === 1) continue;
      leads[origin] = 1;
      pending.push(origin);
    }
  }
  return leads;
}
