/** The traces of a graph: every path that honours the completions of its `finally` regions. */
import type { Graph, Instruction, InstructionId } from '../../src/cfg/graph.ts';
import { NONE } from '../../src/cfg/graph.ts';
import type { Node } from '../../src/syntax/estree.ts';
import { unwrapChain } from '../../src/syntax/unwrap-expression.ts';
import { printTrace, SHAPE_NAME, TRACE_LIMIT } from './shape.ts';

interface Point {
  readonly at: InstructionId;
  /** The completion with which each region was entered last. */
  readonly completions: readonly number[];
  readonly events: readonly string[];
}

/** All traces of `graph` with at most `TRACE_LIMIT` events. */
export function graphTraces(graph: Graph): Set<string> {
  const traces = new Set<string>();
  const seen = new Set<string>();
  const pending: Point[] = [{ at: graph.entry, completions: [], events: [] }];
  for (let point = pending.pop(); point !== undefined; point = pending.pop()) {
    const key = `${String(point.at)} ${point.completions.join()} ${point.events.join()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const instruction = graph.instructions[point.at]!;
    if (instruction.op === 'exit') {
      traces.add(printTrace(point.events, instruction.exit));
      continue;
    }
    const event = eventOf(instruction);
    const events = event === undefined ? point.events : [...point.events, event];
    if (events.length > TRACE_LIMIT) continue;
    const completions = [...point.completions];
    if (instruction.op === 'complete') completions[instruction.region] = instruction.completion;
    const targets =
      instruction.op === 'dispatch'
        ? [instruction.targets[completions[instruction.region] ?? -1] ?? NONE]
        : [instruction.next, instruction.alternate, instruction.thrown];
    for (const at of targets) if (at !== NONE) pending.push({ at, completions, events });
  }
  return traces;
}

/** What the instruction adds to a trace. */
function eventOf(instruction: Instruction): string | undefined {
  switch (instruction.op) {
    case 'call': {
      const { node } = instruction;
      const callee = node.type === 'TaggedTemplateExpression' ? node.tag : (node as { callee?: Node }).callee;
      return callee && nameOf(callee);
    }
    case 'iterate':
      return instruction.node.type === 'ForOfStatement' ? 'step' : undefined;
    case 'yield':
      return (instruction.node as { delegate?: boolean }).delegate === true ? undefined : 'yield';
    case 'dispose':
      return 'dispose';
    default:
      return undefined;
  }
}

function nameOf(callee: Node): string | undefined {
  const node = unwrapChain(callee);
  const name = node.type === 'MemberExpression' ? node.property : node;
  return name.type === 'Identifier' && SHAPE_NAME.test(name.name) ? name.name : undefined;
}
