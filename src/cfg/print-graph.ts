/** A graph as text, one line per instruction: for developers, tests of the engine, and `npm run explain`. */
import { excerpt } from '../syntax/excerpt.ts';
import { NONE, type Graph, type Instruction, type InstructionId, type Value } from './graph.ts';
import { reachableFrom } from './verify-graph.ts';

/** The graph of one unit, without the instructions that control cannot reach. `text` is the source of the file. */
export function printGraph(graph: Graph, text: string): string {
  const reached = reachableFrom(graph);
  const lines = graph.instructions.filter((instruction) => reached.has(instruction.id)).map((instruction) => printInstruction(instruction, text));
  return [`graph of ${graph.name}`, ...lines].join('\n');
}

/** One instruction with its edges: `  7 call  client.release()  → 8, throws → 2`. */
export function printInstruction(instruction: Instruction, text: string): string {
  const mark = instruction.starts ? '*' : ' ';
  const what = `${instruction.op.padEnd(8)} ${detailOf(instruction, text)}`.trimEnd();
  const edges = [
    edge('', instruction.next),
    edge('else ', instruction.alternate),
    ...(instruction.op === 'dispatch' ? instruction.targets.map((target, completion) => edge(`${String(completion)} `, target)) : []),
    edge('throws ', instruction.thrown),
  ].filter((part) => part !== undefined);
  return `${String(instruction.id).padStart(4)}${mark} ${what}${edges.length > 0 ? `  ${edges.join(', ')}` : ''}`;
}

function edge(label: string, target: InstructionId): string | undefined {
  return target === NONE ? undefined : `${label}→ ${String(target)}`;
}

function detailOf(instruction: Instruction, text: string): string {
  const source = (): string => excerpt(instruction.node, text);
  switch (instruction.op) {
    case 'entry':
    case 'join':
      return '';
    case 'exit':
      return instruction.exit;
    case 'call':
    case 'opaque':
      return source();
    case 'iterate':
      return 'right' in instruction.node ? `over ${excerpt(instruction.node.right, text)}` : source();
    case 'await':
    case 'yield':
    case 'return':
    case 'throw':
      return printValue(instruction.value, text);
    case 'branch':
      return `${printValue(instruction.value, text)} is ${instruction.kind}${instruction.operand ? ` to ${excerpt(instruction.operand, text)}` : ''}`;
    case 'copy':
      return `${source()} := ${printValue(instruction.value, text)}`;
    case 'assign':
      return `${instruction.declares ? 'new ' : ''}${excerpt(instruction.target, text)} = ${printValue(instruction.value, text)}`;
    case 'clear':
      return excerpt(instruction.target, text);
    case 'using':
    case 'dispose':
      return `${instruction.awaits ? 'await ' : ''}${excerpt(instruction.target, text)}`;
    case 'complete':
      return `region ${String(instruction.region)} with completion ${String(instruction.completion)}`;
    case 'dispatch':
      return `region ${String(instruction.region)}`;
  }
}

function printValue(value: Value | undefined, text: string): string {
  if (value === undefined) return '?';
  const { expression, path } = value;
  const isLoop = expression.type === 'ForOfStatement' || expression.type === 'ForInStatement';
  return `${isLoop ? `an element of ${excerpt(expression.right, text)}` : excerpt(expression, text)}${path}`;
}
