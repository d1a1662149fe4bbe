/** What a run found at each point, as text: the graph, and under each instruction the disjuncts that arrive there. */
import { printInstruction } from '../cfg/print-graph.ts';
import { printDisjunct } from '../domain/disjunct.ts';
import type { Run } from './run.ts';

/** The run over one unit, for developers. Points that nothing reaches are left out. */
export function printRun(run: Run): string {
  const { places, text } = run.model;
  const lines = [`run over ${run.graph.name}`];
  for (const instruction of run.graph.instructions) {
    const arrivals = run.arrivalsAt(instruction.id);
    if (arrivals.length === 0) continue;
    lines.push(printInstruction(instruction, text));
    for (const { state } of arrivals) lines.push(`        ${printDisjunct(state, places)}`);
  }
  for (const { settlement, node } of run.settled) {
    const why = settlement.kind === 'transferred' ? `transferred: ${settlement.to}` : `unknown: ${settlement.why}`;
    lines.push(`  settled on line ${String(node.loc.start.line)}, ${why}`);
  }
  for (const { kind, node } of run.misuses) lines.push(`  ${kind} on line ${String(node.loc.start.line)}`);
  return lines.join('\n');
}
