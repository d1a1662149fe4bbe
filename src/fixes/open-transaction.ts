/** Transactions that the code begins on its connection: one that is still open when the connection is given back is somebody else's problem. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant } from '../bindings/scope-index.ts';
import type { Instruction, InstructionId } from '../cfg/graph.ts';
import type { Node } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { KeptHandle } from './find-handle.ts';
import type { HandleUses, ResourceCall } from './handle-uses.ts';

const BEGINS_SQL = /^\s*(?:begin|start\s+transaction)\b/i;
const ENDS_SQL = /^\s*(?:commit|rollback(?!\s+to)|end|abort)\b/i;
const PLAIN_BEGIN_SQL = /^\s*(?:begin|start\s+transaction)\s*;?\s*$/i;
const COMMITS_SQL = /^\s*(?:commit|end)\b/i;
const COMMITS_METHOD = /^(?:commit|commitTransaction|endTransaction)$/;
/** What a connection keeps beyond a transaction. */
const SESSION_SQL = /^\s*(?:set\s+(?!local\b|transaction\b)|listen\b|lock\s+tables?\b|create\s+(?:local\s+|global\s+)?temp|prepare\b|declare\b|use\b)|\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(|\bget_lock\s*\(/i;
const BEGINS_METHOD = /^(?:begin|beginTransaction|startTransaction|begin_transaction)$/;
const ENDS_METHOD = /^(?:commit|rollback|commitTransaction|rollbackTransaction|abortTransaction|endTransaction)$/;
const BEGINS_TEXT = /\bbegin\b|\bstart\s+transaction\b|begin_?transaction|start_?transaction/i;

/**
 * What the connection may be left in when the region is left. `open`: a transaction. `perhaps`: only where a `catch` clause throws before it rolls back,
 * or in a setting of the session, or by a function that is given the connection. `none`: nothing.
 */
export function openTransaction(model: ProgramModel, handle: KeptHandle, uses: HandleUses, range: readonly [number, number]): 'open' | 'perhaps' | 'none' {
  const { instructions } = model.graphOf(handle.unit);
  const inRegion = uses.calls.filter(({ call }) => call.range[0] >= range[0] && call.range[1] <= range[1]);
  const begins = inRegion.filter((use) => beginsTransaction(model, use));
  const ends = new Set<Node>(inRegion.filter((use) => isCommand(model, use, ENDS_SQL, ENDS_METHOD)).map(({ call }) => call));
  let found: 'perhaps' | 'none' = inRegion.some((use) => isCommand(model, use, SESSION_SQL) || mayBegin(model, use)) ? 'perhaps' : 'none';
  for (const { call } of begins) {
    if (model.file.unitOf(call) !== handle.unit) return 'open';
    const starts = afterBegin(instructions, call);
    if (isLeftOpen(instructions, starts, (node) => ends.has(node), range)) {
      if (isLeftOpen(instructions, starts, (node) => ends.has(node) || isInRollback(node, ends), range)) return 'open';
      found = 'perhaps';
    }
  }
  return found;
}

/** Whether something in the range may throw while a transaction is open that the range begins. */
export function openedAndThrown(model: ProgramModel, handle: KeptHandle, uses: HandleUses, range: readonly [number, number]): boolean {
  const { instructions } = model.graphOf(handle.unit);
  const inRange = uses.calls.filter(({ call }) => call.range[0] >= range[0] && call.range[1] <= range[1]);
  const ends = new Set<Node>(inRange.filter((use) => isCommand(model, use, ENDS_SQL, ENDS_METHOD)).map(({ call }) => call));
  const pending = inRange.filter((use) => isCommand(model, use, BEGINS_SQL, BEGINS_METHOD)).flatMap(({ call }) => (model.file.unitOf(call) === handle.unit ? afterBegin(instructions, call) : []));
  const seen = new Set<InstructionId>();
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const instruction = instructions[id];
    if (instruction === undefined || seen.has(id)) continue;
    seen.add(id);
    const { node, op } = instruction;
    if (op === 'exit' || node.range[0] < range[0] || node.range[1] > range[1] || ends.has(node)) continue;
    if (op === 'throw' || instructions[instruction.thrown] !== undefined) return true;
    pending.push(instruction.next, instruction.alternate, ...(op === 'dispatch' ? instruction.targets : []));
  }
  return inRange.some((use) => mayBegin(model, use));
}

/** Whether a call begins a transaction. */
export function beginsTransaction(model: ProgramModel, use: ResourceCall): boolean {
  return isCommand(model, use, BEGINS_SQL, BEGINS_METHOD);
}

/** Whether what is sent belongs to one connection: a transaction, a setting of the session. Undefined: what is sent is not known. */
export function needsOwnConnection(model: ProgramModel, use: ResourceCall): boolean | undefined {
  if (use.call.type === 'TaggedTemplateExpression') return undefined;
  if (textOf(model, use.call.arguments[0]) === undefined) return undefined;
  return isCommand(model, use, BEGINS_SQL) || isCommand(model, use, ENDS_SQL) || isCommand(model, use, SESSION_SQL);
}

/** The instructions that come after the transaction was begun: behind the `await`, where there is one. */
function afterBegin(instructions: readonly Instruction[], call: Node): InstructionId[] {
  const isAwaitOf = (node: Node): boolean => node.type === 'AwaitExpression' && unwrapExpression(node.argument) === call;
  const awaits = instructions.filter(({ op, node }) => op === 'await' && isAwaitOf(node));
  return (awaits.length > 0 ? awaits : instructions.filter(({ op, node }) => op === 'call' && node === call)).map(({ next }) => next);
}

/** Whether control can leave the region before a call that ends the transaction. */
function isLeftOpen(instructions: readonly Instruction[], starts: readonly InstructionId[], ends: (node: Node) => boolean, range: readonly [number, number]): boolean {
  const seen = new Set<InstructionId>();
  const pending = [...starts];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const instruction = instructions[id];
    if (instruction === undefined || seen.has(id)) continue;
    seen.add(id);
    const { node, op } = instruction;
    if (op === 'exit' || node.range[0] < range[0] || node.range[1] > range[1]) return true;
    if (ends(node)) continue;
    pending.push(instruction.next, instruction.alternate, instruction.thrown, ...(op === 'dispatch' ? instruction.targets : []));
  }
  return false;
}

/** Whether `node` stands in a `catch` clause, or a `finally` block, that ends the transaction. */
function isInRollback(node: Node, ends: ReadonlySet<Node>): boolean {
  for (let current: Node | undefined = node; current; current = current.parent) {
    const clause = current;
    const isClause = clause.type === 'CatchClause' || (clause.parent?.type === 'TryStatement' && clause.parent.finalizer === clause);
    if (isClause && [...ends].some(({ range }) => clause.range[0] <= range[0] && range[1] <= clause.range[1])) return true;
  }
  return false;
}

/** What a call does to the transaction of its connection. Undefined: nothing, or it begins it with settings that a text has. */
export function transactionCommandOf(model: ProgramModel, use: ResourceCall): 'begin' | 'commit' | 'rollback' | undefined {
  if (isCommand(model, use, PLAIN_BEGIN_SQL, BEGINS_METHOD)) return 'begin';
  if (!isCommand(model, use, ENDS_SQL, ENDS_METHOD)) return undefined;
  return isCommand(model, use, COMMITS_SQL, COMMITS_METHOD) ? 'commit' : 'rollback';
}

function isCommand(model: ProgramModel, { call, method }: ResourceCall, sql: RegExp, name?: RegExp): boolean {
  if (method !== undefined && name?.test(method.slice(method.lastIndexOf('.') + 1)) === true) return true;
  const text = call.type === 'TaggedTemplateExpression' ? call.quasi.quasis[0]!.value.raw : textOf(model, call.arguments[0]);
  return text !== undefined && sql.test(text);
}

/** The text that an argument begins with: a literal, a constant, the `text` of a query object. */
function textOf(model: ProgramModel, argument: Node | undefined): string | undefined {
  const node = argument && unwrapExpression(argument);
  switch (node?.type) {
    case 'Literal':
      return typeof node.value === 'string' ? node.value : undefined;
    case 'TemplateLiteral':
      return node.quasis[0]!.value.raw;
    case 'BinaryExpression':
      return textOf(model, node.left);
    case 'TaggedTemplateExpression':
      return node.quasi.quasis[0]!.value.raw;
    case 'ObjectExpression': {
      const text = node.properties.find((property) => property.type === 'Property' && property.key.type === 'Identifier' && (property.key.name === 'text' || property.key.name === 'sql'));
      return text?.type === 'Property' ? textOf(model, text.value) : undefined;
    }
    case 'Identifier': {
      const variable = model.scopes.variableOf(node);
      const declarator = variable?.defs[0]?.node as Node | undefined;
      return variable !== undefined && isConstant(variable) && declarator?.type === 'VariableDeclarator' && declarator.init ? textOf(model, declarator.init) : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a function that is given the connection may begin a transaction: by its name, and by its text where that is there. */
function mayBegin(model: ProgramModel, { call, method }: ResourceCall): boolean {
  if (method !== undefined || call.type === 'TaggedTemplateExpression') return false;
  const callee = model.bindings.calleeOf(call) ?? model.bindings.foreignCalleeOf(call)?.node;
  const text = callee === undefined ? model.text.slice(...call.callee.range) : model.modelOf(callee).text.slice(...callee.range);
  return BEGINS_TEXT.test(text);
}
