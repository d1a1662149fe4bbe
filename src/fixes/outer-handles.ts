/** A connection that is taken inside a statement and declared before it: what is done with it may be seen from further out, where it may be missing. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant } from '../bindings/scope-index.ts';
import type { Instruction, InstructionId } from '../cfg/graph.ts';
import { isFunctionNode, type Node, type Statement, type TSESTree } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { Edit } from './edit-plan.ts';
import { listOf, type KeptHandle } from './find-handle.ts';
import type { HandleUses } from './handle-uses.ts';

const LOOPS = new Set<string>(['ForStatement', 'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement']);

/**
 * The handle as the lists of statements around see it, the nearest first, up to the one that declares the variable: on each way through that list it is taken once at the most, and
 * the variable is empty before. `let client; try { client = await pool.connect(); … } catch { … }`
 */
export function outerHandles(handle: KeptHandle): KeptHandle[] {
  const { variable, statement } = handle;
  const declarator = variable.defs[0]?.node as Node | undefined;
  const declaration = declarator?.parent;
  if (isConstant(variable) || statement?.type !== 'ExpressionStatement' || declarator?.type !== 'VariableDeclarator' || declaration?.type !== 'VariableDeclaration') return [];
  const around = listOf(declaration)?.block;
  // Only what sets it to nothing makes a `var` empty in each turn of a loop.
  const isEmptied = declaration.kind !== 'var' || declarator.init !== null || (around !== undefined && isBodyOf(around));
  if (around === undefined || !isEmptied) return [];
  const found: KeptHandle[] = [];
  for (let node: Node = statement; node.parent && node.parent !== around; ) {
    node = node.parent;
    // In the next turn of a loop it still holds what the last one took.
    if (LOOPS.has(node.type) || node.type === 'SwitchCase' || isFunctionNode(node)) return [];
    const list = listOf(node);
    if (list === undefined) continue;
    const index = list.statements.indexOf(node as Statement);
    found.push({ ...handle, list: list.statements, index: index - 1, block: list.block, start: node.range[0], isOuter: true });
  }
  return found;
}

/** Whether a loop stands between the acquisition and the declaration of its variable. */
export function isTakenInEachTurn({ variable, statement }: KeptHandle): boolean {
  const scope = variable.scope.block;
  for (let node: Node | undefined = statement; node && node.range[0] > scope.range[0]; node = node.parent) if (LOOPS.has(node.type)) return true;
  return false;
}

function isBodyOf(block: Node): boolean {
  return block.type === 'Program' || (block.parent !== undefined && isFunctionNode(block.parent));
}

/** Whether a release that asks nothing may come where nothing was taken: it threw there, and does not any more. */
export function mayReleaseNothing(model: ProgramModel, handle: KeptHandle, { releases }: HandleUses): boolean {
  const { instructions } = model.graphOf(handle.unit);
  const end = handle.statement?.range[1] ?? handle.start;
  const taken = instructions.find(({ op, node }) => op === 'assign' && handle.statement !== undefined && isWithin(node, handle.statement));
  const first = instructions.find(({ node }) => node.range[0] >= handle.start && node.range[1] <= end);
  if (taken === undefined || first === undefined) return true;
  const calls = new Set<Node>(releases.filter(({ call, text }) => !text.includes('?.') && !isAsked(model, handle, call)).map(({ call }) => call));
  const seen = new Set<Instruction>();
  const pending: InstructionId[] = [first.id];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const instruction = instructions[id];
    if (instruction === undefined || instruction === taken || seen.has(instruction)) continue;
    seen.add(instruction);
    if (instruction.op === 'call' && calls.has(instruction.node)) return true;
    pending.push(instruction.next, instruction.alternate, instruction.thrown, ...(instruction.op === 'dispatch' ? instruction.targets : []));
  }
  return false;
}

/** Whether a test says that the variable holds something: `if (client) …`, `client && …`. */
function isAsked(model: ProgramModel, { variable }: KeptHandle, call: Node): boolean {
  const asks = (test: Node): boolean => {
    const inner = unwrapExpression(test);
    if (inner.type === 'LogicalExpression' && inner.operator === '&&') return asks(inner.left) || asks(inner.right);
    return inner.type === 'Identifier' && model.scopes.variableOf(inner) === variable;
  };
  for (let node = call; node.parent; node = node.parent) {
    const { parent } = node;
    if (parent.type === 'IfStatement' && parent.consequent === node && asks(parent.test)) return true;
    if (parent.type === 'LogicalExpression' && parent.operator === '&&' && parent.right === node && asks(parent.left)) return true;
  }
  return false;
}

/**
 * What the declaration needs so that TypeScript lets the block ask for a connection that may be missing: `let client: PoolClient | undefined;`. Undefined where its type cannot be
 * changed, or a function uses what a test would not make certain there.
 */
export function asMissing(model: ProgramModel, handle: KeptHandle, uses: HandleUses): Edit[] | undefined {
  const { variable, unit } = handle;
  const declarator = variable.defs[0]!.node as unknown as TSESTree.VariableDeclarator;
  const type = declarator.id.typeAnnotation?.typeAnnotation;
  if (type === undefined || declarator.init !== null || declarator.definite || saysMissing(type)) return [];
  const isNamed = type.type === 'TSTypeReference' || type.type === 'TSUnionType' || type.type === 'TSImportType';
  const isCaptured = uses.others.some((node) => model.file.unitOf(node) !== unit);
  return isNamed && !isCaptured ? [{ range: [type.range[1], type.range[1]], text: ' | undefined' }] : undefined;
}

function saysMissing(type: TSESTree.TypeNode): boolean {
  if (type.type === 'TSUnionType') return type.types.some(saysMissing);
  return type.type === 'TSUndefinedKeyword' || type.type === 'TSAnyKeyword';
}

function isWithin(node: Node, outer: Node): boolean {
  return node.range[0] >= outer.range[0] && node.range[1] <= outer.range[1];
}
