import type { Graph, InstructionId } from './graph.ts';

/** The instructions that control may come to after `from`; `from` itself where a loop leads back to it. */
export function reachableFrom(graph: Graph, from: InstructionId): ReadonlySet<InstructionId> {
  const reached = new Set<InstructionId>();
  const pending: InstructionId[] = [from];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const instruction = graph.instructions[id]!;
    const targets = instruction.op === 'dispatch' ? instruction.targets : [];
    for (const successor of [instruction.next, instruction.alternate, instruction.thrown, ...targets]) {
      if (successor < 0 || reached.has(successor)) continue;
      reached.add(successor);
      pending.push(successor);
    }
  }
  return reached;
}
