/** What is made on every call of a function is made once, at the top of the module: its construction moves there, and what ends it goes. */
import { REACTIONS } from '../analysis/call-shape.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import { LISTENER_METHODS } from '../cfg/throw-policy.ts';
import { ownRow } from '../bindings/own-row.ts';
import type { TypeRow } from '../drivers/driver.ts';
import { rootConstructionOf } from '../roots/root-construction.ts';
import type { CallLike, Node, Statement, TSESTree } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { ClientGuard } from './client-guard.ts';
import { inOrder, type FixAnswer } from './edit-plan.ts';
import type { RootFixInput } from './fix-input.ts';
import { emptiedBlocks, removeStatement } from './remove-statement.ts';
import { SourceLayout, templatesIn } from './source-layout.ts';
import { insertAtTop, isFreeAtTop } from './top-level.ts';

const FORM = 'made once';

/** Functions of the language that give the same for the same. */
const PURE_CALLS = new Set(['Number', 'String', 'Boolean', 'parseInt', 'parseFloat', 'Symbol.for', 'Number.parseInt', 'Number.parseFloat', 'JSON.parse']);
/** Globals that are the same at any time. */
const CONSTANT_GLOBALS = new Set(['process', 'undefined', 'Infinity', 'NaN', 'URL', 'Symbol', 'Number', 'String', 'Boolean', 'parseInt', 'parseFloat', 'JSON']);
/** Methods by which it is opened: a second time they fail. */
const OPENS = /^(?:connect|open|initialize|start)$/;
/** Methods by which it is given what each call would give it again. */
const SETS_UP = /^(?:\$on|\$use|use|subscribe|pSubscribe|psubscribe|addHook|hook|addScope)$|^(?:before|after)[A-Z]/;

/** The edits that move the construction to the top of the module. `guard`: what keeps it when that is loaded anew; why that cannot be written. */
export function planMadeOnce({ outcome, model }: RootFixInput, guard?: (name: string) => ClientGuard | BlockedReason | undefined): FixAnswer {
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  const { node, site } = outcome;
  const call = node as CallLike;
  if (site === undefined || rootConstructionOf(model, call) === undefined) return blocked('made by a function');
  const taken = declarationAround(model, node);
  if (typeof taken === 'string') return blocked(taken);
  const { statement, variable, init } = taken;
  const isSame = isIndependent(model, init, statement);
  if (typeof isSame === 'string') return blocked(isSame);
  const ends = endsOf(variable, outcome.releases, site.acquisition.type);
  if (typeof ends === 'string') return blocked(ends);
  if (!isFreeAtTop(model, variable.name)) return blocked('name taken');
  const around = guard?.(variable.name);
  if (typeof around === 'string') return blocked(around);
  const layout = new SourceLayout(model.text);
  if (ends.some(({ range }) => layout.hasComment(range))) return blocked('comment');
  const edit = insertAtTop(model, layout, statement, textOf(layout, taken, around));
  if (edit === undefined) return blocked('nowhere to put it');
  return {
    kind: 'edits', form: FORM, safety: 'suggestion', title: `Make \`${variable.name}\` once, at the top of the module.`,
    edits: inOrder([edit, ...removeStatement(layout, statement), ...ends.flatMap((end) => removeStatement(layout, end)), ...emptiedBlocks(layout, ends)]),
  };
}

interface Declared {
  readonly variable: Variable;
  readonly statement: TSESTree.VariableDeclaration;
  readonly init: Node;
}

/** The constant of a function that keeps what is made, or what is made of it where it is made. */
function declarationAround(model: ProgramModel, node: Node): Declared | BlockedReason {
  let declarator: Node | undefined = node.parent;
  for (; declarator && declarator.type !== 'VariableDeclarator'; declarator = declarator.parent) {
    if (declarator.type === 'AwaitExpression') return 'awaited';
    if (/Statement$|Function|Declaration$|ClassBody/.test(declarator.type)) return 'not in a variable';
  }
  const statement = declarator?.parent;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || !declarator.init || statement?.type !== 'VariableDeclaration') return 'not in a variable';
  const variable = model.scopes.variableOf(declarator.id);
  if (variable === undefined || statement.declarations.length !== 1 || (statement.kind !== 'const' && statement.kind !== 'let')) return 'not in a variable';
  if (!isConstant(variable)) return 'reassigned';
  const { type } = statement.parent;
  return (type === 'BlockStatement' || type === 'SwitchCase') && model.file.unitOf(statement).type !== 'Program' ? { variable, statement, init: declarator.init } : 'not in a variable';
}

/** Whether the expression is the same on every call, and can be evaluated when the module is loaded: imports, constants of the module that stand before, literals, the environment. */
function isIndependent(model: ProgramModel, init: Node, statement: Statement): true | BlockedReason {
  const top = model.file.program.body.find(({ range }) => range[0] <= statement.range[0] && statement.range[1] <= range[1])!;
  const pending: Node[] = [init];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const inner = unwrapExpression(node);
    switch (inner.type) {
      case 'Literal':
        break;
      case 'TemplateLiteral':
        pending.push(...inner.expressions);
        break;
      case 'Identifier':
        if (!isLasting(model, inner, top)) return 'depends on the call';
        break;
      case 'MemberExpression':
        pending.push(inner.object, ...(inner.computed ? [inner.property] : []));
        break;
      case 'ChainExpression':
        pending.push(inner.expression);
        break;
      case 'ObjectExpression':
        for (const property of inner.properties) {
          if (property.type === 'SpreadElement') pending.push(property.argument);
          else if (property.kind !== 'init' || property.method) return 'depends on the call';
          else pending.push(property.value, ...(property.computed ? [property.key] : []));
        }
        break;
      case 'ArrayExpression':
        for (const element of inner.elements) if (element !== null) pending.push(element.type === 'SpreadElement' ? element.argument : element);
        break;
      case 'UnaryExpression':
        if (inner.operator === 'delete') return 'depends on the call';
        pending.push(inner.argument);
        break;
      case 'BinaryExpression':
      case 'LogicalExpression':
        pending.push(inner.left, inner.right);
        break;
      case 'ConditionalExpression':
        pending.push(inner.test, inner.consequent, inner.alternate);
        break;
      case 'NewExpression':
      case 'CallExpression':
        if (!isPureCall(model, inner)) return 'depends on the call';
        pending.push(inner.callee, ...inner.arguments.map((argument) => (argument.type === 'SpreadElement' ? argument.argument : argument)));
        break;
      case 'AwaitExpression':
        return 'awaited';
      default:
        return 'depends on the call';
    }
  }
  // A type of the function is not known at the top.
  return hasTypesOfFunction(model, statement) ? 'depends on the call' : true;
}

/** A construction of a library, of something imported, or a function of the language. */
function isPureCall(model: ProgramModel, call: TSESTree.CallExpression | TSESTree.NewExpression): boolean {
  if (model.bindings.constructionOf(call) !== undefined) return true;
  const callee = unwrapChain(call.callee);
  const text = model.text.slice(...callee.range);
  const base = callee.type === 'MemberExpression' ? unwrapChain(callee.object) : callee;
  const variable = base.type === 'Identifier' ? model.scopes.variableOf(base) : undefined;
  if (variable === undefined) return call.type === 'NewExpression' ? text === 'URL' : PURE_CALLS.has(text);
  return call.type === 'NewExpression' && variable.defs[0]?.type === ('ImportBinding' as never);
}

/** Whether a name means the same at the top of the module, and has its value there before `top`. */
function isLasting(model: ProgramModel, name: TSESTree.Identifier, top: Node): boolean {
  const variable = model.scopes.variableOf(name);
  if (variable === undefined) return CONSTANT_GLOBALS.has(name.name);
  const definition = variable.defs[0];
  if (variable.defs.length !== 1 || model.scopes.meaningOf(name.name, model.file.program) !== variable) return false;
  if (definition?.type === ('ImportBinding' as never)) return true;
  const declarator = definition?.node as Node | undefined;
  return declarator?.type === 'VariableDeclarator' && isConstant(variable) && declarator.range[1] <= top.range[0];
}

function hasTypesOfFunction(model: ProgramModel, statement: Statement): boolean {
  return [...model.scopes.namedBetween(statement.range[0], statement.range[1])].some((variable) => {
    const isOwn = variable.identifiers.some(({ range }) => statement.range[0] <= range[0] && range[1] <= statement.range[1]);
    return !isOwn && model.scopes.meaningOf(variable.name, model.file.program) !== variable;
  });
}

/** The statements that end it; else what is done with it that would go wrong, or be done again, on the second call. */
function endsOf(variable: Variable, releases: ReadonlySet<Node>, type: TypeRow): TSESTree.ExpressionStatement[] | BlockedReason {
  const ends: TSESTree.ExpressionStatement[] = [];
  const known = new Set<Node>();
  for (const { identifier, init } of variable.references) {
    if (init === true) continue;
    const { parent } = identifier as Node;
    if (parent?.type !== 'MemberExpression' || parent.object !== identifier) continue;
    const name = staticMemberName(parent);
    const call = parent.parent.type === 'CallExpression' && parent.parent.callee === parent ? parent.parent : undefined;
    if (call !== undefined && releases.has(call)) {
      const statement = statementOf(call);
      if (statement === undefined) return 'release is part of an expression';
      known.add(call);
      ends.push(statement);
      continue;
    }
    if (name === undefined) continue;
    if (ownRow(type.members, name)?.effect === 'release') return 'released elsewhere';
    if (LISTENER_METHODS.has(name) || SETS_UP.test(name)) return 'set up by hand';
    if (OPENS.test(name) && ownRow(type.members, name)?.effect !== 'acquire') return 'opened by hand';
  }
  return [...releases].every((release) => known.has(release)) ? ends : 'released elsewhere';
}

/** The statement that is nothing but the call, awaited or not, in a list of statements. */
function statementOf(call: Node): TSESTree.ExpressionStatement | undefined {
  let outer: Node = call;
  // `void pool.end()`, `pool.end().catch(report)`.
  for (let { parent } = outer; parent; { parent } = outer) {
    const isChained = parent.type === 'MemberExpression' && REACTIONS.has(staticMemberName(parent) ?? '') && parent.parent.type === 'CallExpression';
    if (isChained) return undefined;
    if (parent.type !== 'AwaitExpression' && parent.type !== 'ChainExpression' && !(parent.type === 'UnaryExpression' && parent.operator === 'void')) break;
    outer = parent;
  }
  const { parent } = outer;
  return parent?.type === 'ExpressionStatement' && (parent.parent.type === 'BlockStatement' || parent.parent.type === 'SwitchCase') ? parent : undefined;
}

/** The declaration as it is written at the top, without its indentation. */
function textOf(layout: SourceLayout, { statement, init }: Declared, guard: ClientGuard | undefined): string {
  const indent = layout.indentAt(statement.range[0]);
  const templates = templatesIn([statement]);
  const start = statement.range[0];
  const lines = layout.text.slice(...statement.range).split(/\r?\n/);
  let position = start;
  const text = lines.map((line, index) => {
    const isInTemplate = templates.some(([from, to]) => from < position && position <= to);
    position = layout.text.indexOf('\n', position) + 1;
    return index === 0 || isInTemplate || !line.startsWith(indent) ? line : line.slice(indent.length);
  }).join('\n');
  if (guard === undefined) return text;
  const at = init.range[0] - start;
  // The construction begins in the first line of its declaration.
  return `${guard.before === '' ? '' : `${guard.before}\n\n`}${text.slice(0, at)}${guard.asked}${text.slice(at)}\n\n${guard.behind}`;
}
