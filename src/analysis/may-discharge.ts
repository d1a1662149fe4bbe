/**
 * Whether a function might take care of the resource when somebody runs it: releases it, hands it on, keeps it.
 * Answered from its text, without states: used where we cannot follow when it runs. "Yes" means silence there.
 */
import { ownRow } from '../bindings/own-row.ts';
import type { Variable } from '../bindings/scope-index.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { Role, Root } from '../domain/place.ts';
import type { TypeRow } from '../drivers/driver.ts';
import type { CallLike, FunctionNode, Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import { callShape, mayTakeCare } from './call-shape.ts';
import type { ProgramModel } from './program-model.ts';

/** What a variable holds: the resource itself, of a type that lists what its methods release; something that releases it when it is called; or anything else. */
type Content = 'resource' | 'release' | 'holder';

/** Whether running `unit` may discharge an obligation that lies where `disjunct` says. */
export function mayDischarge(model: ProgramModel, disjunct: Disjunct, unit: FunctionNode): boolean {
  const acquisition = disjunct.site?.acquisition;
  const isKnown = acquisition !== undefined && acquisition.pair === undefined && acquisition.isGuess !== true;
  const contents = new Map<Root, Content>();
  for (const { root, path, role } of disjunct.aliases) {
    const content = contentOf(path, role, isKnown);
    contents.set(root, (contents.get(root) ?? content) === content ? content : 'holder');
  }
  return [...contents].some(([root, content]) => mayDischargeRoot(model, unit, root, acquisition?.type, content));
}

function contentOf(path: string, role: Role, isKnown: boolean): Content {
  if (path !== '') return 'holder';
  if (role === 'releaser' || role === 'bound') return 'release';
  return role === 'handle' && isKnown ? 'resource' : 'holder';
}

/** As `mayDischarge`, for what the variable `root` holds. */
export function mayDischargeRoot(model: ProgramModel, unit: FunctionNode, root: Root, type: TypeRow | undefined, content: Content = 'holder'): boolean {
  const variable = root as Partial<Variable>;
  if (!Array.isArray(variable.references)) return model.capturedBy(unit).has(root);
  const reached = model.callGraph.reachableFrom(unit);
  return (root as Variable).references.some((reference) => {
    const node = reference.identifier as Node;
    return !reference.isWriteOnly() && reached.has(model.file.unitOf(node)) && isCare(model, node, type, content);
  });
}

/** Whether this use of the resource (or of what holds it) may be more than using it. */
function isCare(model: ProgramModel, node: Node, type: TypeRow | undefined, content: Content): boolean {
  let value = node;
  let parent = value.parent;
  while (parent && (isTransparent(parent) || (parent.type === 'MemberExpression' && parent.object === value))) {
    if (parent.type === 'MemberExpression') {
      const name = staticMemberName(parent);
      const row = name === undefined ? undefined : ownRow(type?.members, name);
      if (name === undefined || row?.effect === 'release') return true;
      const isUse = content === 'resource' && value === node && (row === undefined || row.effect === 'use');
      const use = outerOf(parent);
      if (use?.type === 'CallExpression' && unwrapChain(use.callee) === parent) {
        return !isUse && (mayTakeCare(callShape(use)) || model.callGraph.calleeOf(use) !== undefined);
      }
    }
    value = parent;
    parent = parent.parent;
  }
  if (!parent) return true;
  switch (parent.type) {
    case 'CallExpression':
    case 'NewExpression': {
      const call = parent as CallLike;
      if (call.type === 'TaggedTemplateExpression') return false;
      if (unwrapChain(call.callee) === value) return content === 'release' && value === node;
      return call.type === 'NewExpression' || mayTakeCare(callShape(call)) || model.callGraph.calleeOf(call) !== undefined;
    }
    case 'TaggedTemplateExpression':
    case 'ExpressionStatement':
    case 'IfStatement':
    case 'WhileStatement':
    case 'UnaryExpression':
    case 'BinaryExpression':
    case 'TemplateLiteral':
      return false;
    case 'LogicalExpression':
      return parent.operator === '??' || parent.right === value;
    case 'ConditionalExpression':
      return parent.test !== value;
    default:
      return true;
  }
}

function isTransparent(node: Node): boolean {
  return node.type === 'ChainExpression' || node.type === 'AwaitExpression' || unwrapExpression(node) !== node;
}

function outerOf(node: Node): Node | undefined {
  let parent = node.parent;
  while (parent && isTransparent(parent)) parent = parent.parent;
  return parent ?? undefined;
}

/**
 * Whether a function that was created before `position` and may run at any time might discharge what the variable will hold:
 * `stream.on('close', () => client?.release())` above `client = await pool.connect()`.
 */
export function hasEarlierCaretaker(model: ProgramModel, variable: Variable, position: number, type: TypeRow | undefined): boolean {
  const owner = model.scopes.unitOfVariable(variable);
  return model.scopes.distantReferences(variable).some((node) => {
    const unit = model.file.unitOf(node);
    if (unit.range[0] > position || unit.type === 'Program' || unit.type === 'ClassBody') return false;
    if (owner !== undefined && (unit.range[0] < owner.range[0] || unit.range[1] > owner.range[1])) return false;
    return model.callGraph.runsAnytime(unit, owner) && mayDischargeRoot(model, unit, variable, type);
  });
}
