/**
 * What becomes of a resource that was kept somewhere, at one of the places that read it: whether it may be given back from there.
 * Answered from the text, without states, for whoever may call that code at any time. "May be" means silence, so what is not understood is that.
 */
import { ownRow } from '../bindings/own-row.ts';
import type { Variable } from '../bindings/scope-index.ts';
import type { TypeRow } from '../drivers/driver.ts';
import { isFunctionNode, type CallLike, type FunctionNode, type Node, type TSESTree } from '../syntax/estree.ts';
import { staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { callShape, isContainerCall, mayTakeCare, REACTIONS } from './call-shape.ts';
import { overriddenBy } from './class-lineage.ts';
import { memberUses } from './member-uses.ts';
import type { ProgramModel } from './program-model.ts';

/** What the code does with a kept resource, as far as it was looked at. */
export class KeptUses {
  /** Functions that return it, whoever calls them. */
  readonly returnedBy = new Set<FunctionNode>();
  /** The code that may give it back, as far as it was looked for: one place ends the search. */
  givenBackAt: Node | undefined;
  /** Whether it is kept for `LISTEN` or for an advisory lock: these belong to one session. */
  isDedicated = false;
  private readonly type: TypeRow;
  private readonly asked = new Set<unknown>();

  constructor(type: TypeRow) {
    this.type = type;
  }

  /** Whether the use of the value at `node` (or of something that holds it) may give it back; a use that stands where something has failed does not count. */
  mayGiveBack(model: ProgramModel, node: Node): boolean {
    const gives = this.follow(model, node) && !isFailurePath(model, node);
    if (gives) this.givenBackAt = node;
    return gives;
  }

  /** As `mayGiveBack`, for any use of the variable. */
  variableMayGiveBack(model: ProgramModel, variable: Variable): boolean {
    if (this.isAsked(variable)) return false;
    return variable.references.some((reference) => !reference.isWriteOnly() && this.mayGiveBack(model, reference.identifier));
  }

  /** As `mayGiveBack`, for any use of a member of this name in the file. */
  memberMayGiveBack(model: ProgramModel, name: string, isOther: (node: Node) => boolean = () => false): boolean {
    if (this.isAsked(`${model.path} ${name}`)) return false;
    return memberUses(model.file, name).some((use) => !isOther(use) && (use.type === 'Property' ? this.patternGivesBack(model, use.value) : this.mayGiveBack(model, use)));
  }

  private isAsked(question: unknown): boolean {
    if (this.asked.has(question)) return true;
    this.asked.add(question);
    return false;
  }

  /** Goes up from `node`, which is the resource (or a promise of it), to what is done with it. */
  private follow(model: ProgramModel, node: Node): boolean {
    const { parent } = node;
    if (!parent) return true;
    switch (parent.type) {
      case 'ChainExpression':
      case 'AwaitExpression':
      case 'TSNonNullExpression':
      case 'TSAsExpression':
      case 'TSTypeAssertion':
      case 'TSSatisfiesExpression':
        return this.follow(model, parent);
      case 'MemberExpression':
        return parent.object === node && this.memberGivesBack(model, parent);
      case 'CallExpression':
      case 'NewExpression':
        return parent.callee !== node && this.argumentGivesBack(model, parent, node);
      case 'TaggedTemplateExpression':
      case 'TemplateLiteral':
      case 'BinaryExpression':
      case 'UnaryExpression':
      case 'UpdateExpression':
      case 'ExpressionStatement':
      case 'IfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'SwitchStatement':
      case 'ThrowStatement':
      // Whoever imports it shares it.
      case 'ExportSpecifier':
      case 'ExportDefaultDeclaration':
      case 'TSTypeQuery':
        return false;
      case 'ConditionalExpression':
        return parent.test !== node && this.follow(model, parent);
      case 'LogicalExpression':
        return this.follow(model, parent);
      case 'SequenceExpression':
        return parent.expressions.at(-1) === node && this.follow(model, parent);
      case 'VariableDeclarator':
        return this.patternGivesBack(model, parent.id);
      case 'AssignmentExpression':
        if (parent.left === node) return this.follow(model, parent);
        return this.patternGivesBack(model, parent.left) || this.follow(model, parent);
      case 'ReturnStatement': {
        const unit = model.file.unitOf(parent);
        return !isFunctionNode(unit) || this.returnGivesBack(model, unit);
      }
      case 'ArrowFunctionExpression':
        return parent.body !== node || this.returnGivesBack(model, parent);
      case 'Property':
        return parent.value === node && this.insideGivesBack(model, parent.parent);
      case 'ArrayExpression':
        return this.insideGivesBack(model, parent);
      default:
        return true;
    }
  }

  /** A method or property of the resource. */
  private memberGivesBack(model: ProgramModel, member: TSESTree.MemberExpression): boolean {
    const name = staticMemberName(member);
    if (name === undefined) return true;
    const row = ownRow(this.type.members, name);
    if (row?.effect === 'release' || row?.effect === 'prepares') return true;
    const call = callOf(member);
    if (row?.effect === 'self') return this.follow(model, call ?? member);
    if (call === undefined) return false;
    if (REACTIONS.has(name)) return this.reactionGivesBack(model, call, name);
    if (isDedication(name, call)) this.isDedicated = true;
    // `conn.query(sql, done)`: what a callback does with it is seen where it does it.
    return false;
  }

  /** `this.ready.then((client) => …)`. */
  private reactionGivesBack(model: ProgramModel, call: TSESTree.CallExpression, name: string): boolean {
    for (const argument of call.arguments.slice(0, name === 'then' ? 1 : 0)) {
      const reaction = unwrapChain(argument);
      const unit = isFunctionNode(reaction) ? reaction : model.callGraph.functionAt(reaction);
      if (unit === undefined || this.parameterGivesBack(model.modelOf(unit), unit, 0)) return true;
    }
    return name === 'catch' && this.follow(model, call);
  }

  /** It is an argument of a call. */
  private argumentGivesBack(model: ProgramModel, call: TSESTree.CallExpression | TSESTree.NewExpression, argument: Node): boolean {
    const shape = callShape(call);
    for (const back of this.type.takenBackBy ?? []) if (back.name === (back.on === 'function' ? model.bindings.nameOf(call) : shape.name)) return true;
    const index = shape.arguments.indexOf(argument);
    const callee = model.callGraph.calleeOf(call) ?? model.callGraph.distantCalleeOf(call);
    if (callee !== undefined && index >= 0) return this.parameterGivesBack(model.modelOf(callee), callee, index);
    return shape.isNew || index < 0 || isContainerCall(shape) || mayTakeCare(shape);
  }

  private parameterGivesBack(model: ProgramModel, unit: FunctionNode, index: number): boolean {
    const parameter = unit.params[index];
    return parameter !== undefined && this.patternGivesBack(model, parameter);
  }

  /** What it is put into: a variable, a member, a pattern that may take its release out. */
  private patternGivesBack(model: ProgramModel, pattern: Node): boolean {
    switch (pattern.type) {
      case 'Identifier': {
        const variable = model.scopes.variableOf(pattern);
        return variable === undefined || this.variableMayGiveBack(model, variable);
      }
      case 'AssignmentPattern':
        return this.patternGivesBack(model, pattern.left);
      case 'TSParameterProperty': {
        const { parameter } = pattern;
        const name = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
        return name.type !== 'Identifier' || this.patternGivesBack(model, name) || this.memberMayGiveBack(model, name.name);
      }
      case 'MemberExpression': {
        const name = staticMemberName(pattern);
        return name === undefined || this.memberMayGiveBack(model, name);
      }
      case 'ObjectPattern':
        return pattern.properties.some((property) => property.type === 'RestElement' || ownRow(this.type.members, staticPropertyName(property) ?? '')?.effect === 'release');
      default:
        return true;
    }
  }

  /** It is returned: the callers in sight decide; those that are not in sight share it with each other. */
  private returnGivesBack(model: ProgramModel, unit: FunctionNode): boolean {
    const named = unit.parent;
    const isGetter = (named.type === 'MethodDefinition' || named.type === 'Property') && named.kind === 'get';
    if (!isGetter && !isCalledByName(unit)) return true;
    if (this.isAsked(unit)) return false;
    this.returnedBy.add(unit);
    if (isGetter) {
      const name = staticPropertyName(named);
      return name === undefined || this.memberMayGiveBack(model, name);
    }
    // What a base class calls on `this` may be this method.
    for (const method of [unit, ...overriddenBy(model, unit)]) {
      const home = model.modelOf(method);
      for (const calls of home.file.calls.values()) {
        for (const call of calls) if (home.callGraph.calleeOf(call) === method && this.mayGiveBack(home, call)) return true;
      }
    }
    return false;
  }

  /** It is a part of an object or list that is made here. */
  private insideGivesBack(model: ProgramModel, literal: Node): boolean {
    const { parent } = literal;
    if (parent?.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression' && staticMemberName(parent.left) === 'exports') return false;
    if (parent?.type !== 'CallExpression') return true;
    // Lent, like the resource itself.
    return parent.arguments.includes(literal as TSESTree.Expression) ? this.argumentGivesBack(model, parent, literal) : true;
  }
}

/** The call of which the member is the callee. */
function callOf(member: Node): TSESTree.CallExpression | undefined {
  let callee = member;
  while (callee.parent?.type === 'ChainExpression' || callee.parent?.type === 'TSNonNullExpression') callee = callee.parent;
  const call = callee.parent;
  return call?.type === 'CallExpression' && call.callee === callee ? call : undefined;
}

/** Whether the function has a name of its own, by which it is called: it is no callback. */
function isCalledByName(unit: FunctionNode): boolean {
  const { parent } = unit;
  if (unit.type === 'FunctionDeclaration') return true;
  // `exports.getClient = function () { … }`
  if (parent.type === 'AssignmentExpression') return parent.right === unit;
  return parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition' || parent.type === 'VariableDeclarator' || (parent.type === 'Property' && parent.parent.type === 'ObjectExpression');
}

/** Events of a connection that is lost. */
const LOSSES = new Set(['error', 'end', 'close']);

/** Whether the code at `node` runs only after something failed: it stands in a `catch` clause, or in a listener for the loss of the connection. */
export function isFailurePath(model: ProgramModel, node: Node): boolean {
  for (let child = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (parent.type === 'CatchClause') return true;
    if (isFunctionNode(parent) && parent.parent.type === 'CallExpression' && child === parent.body) {
      const { name, isMethod, arguments: given } = callShape(parent.parent);
      if (isMethod && name === 'catch' && given[0] === parent) return true;
      const event = given[0];
      const isListener = isMethod && (name === 'on' || name === 'once' || name === 'addListener') && given[1] === parent;
      if (isListener && event?.type === 'Literal' && LOSSES.has(String(event.value)) && model.bindings.entityOf(callShape(parent.parent).receiver!)?.kind === 'instance') return true;
    }
  }
  return false;
}

const SESSION_STATEMENT = /^\s*(?:UN)?LISTEN\b|\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(|\bGET_LOCK\s*\(/i;

/** Whether the call binds the session to one purpose: `LISTEN`, an advisory lock, a listener for notifications. */
function isDedication(name: string, call: CallLike): boolean {
  const [first] = callShape(call).arguments;
  if (first === undefined) return false;
  if (name === 'on' || name === 'once' || name === 'addListener') return first.type === 'Literal' && first.value === 'notification';
  const text = first.type === 'TemplateLiteral' ? first.quasis.map((quasi) => quasi.value.raw).join('$') : first.type === 'Literal' ? String(first.value) : '';
  return SESSION_STATEMENT.test(text);
}
