/** The one client of the project is kept on the global object, and looked for there before it is made. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import { memoGuardsOf } from '../roots/memo-guard.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { clientGuardOf, isTypeScript, keepingStatement } from './client-guard.ts';
import { inOrder, type Edit, type FixAnswer } from './edit-plan.ts';
import type { ClientFixInput } from './fix-input.ts';
import { SourceLayout } from './source-layout.ts';
import { insertAtTop } from './top-level.ts';

const FORM = 'kept on globalThis';

/** The edits that write the guard, or the half of it that is missing. */
export function planGlobalClient(input: ClientFixInput): FixAnswer {
  const { problem, model } = input;
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  const { node, construction } = problem.site;
  if (node !== construction || node.type !== 'NewExpression') return blocked('made by a function');
  const kept = keptAtTop(model, node);
  if (kept === undefined) return blocked('kept in a place of its own');
  const edits = problem.kind === 'broken' ? halfOf(input, node, kept) : wholeOf(input, node, kept);
  if (typeof edits === 'string') return blocked(edits);
  return { kind: 'edits', form: FORM, safety: 'suggestion', title: `Keep \`${kept.variable.name}\` on \`globalThis\`, and make it only where there is none.`, edits: inOrder(edits) };
}

/** The constant of the top level that a client is kept in, and its statement with the `export` before it. */
interface KeptAtTop {
  readonly variable: Variable;
  readonly statement: TSESTree.Statement;
  readonly declarator: TSESTree.VariableDeclarator;
}

function keptAtTop(model: ProgramModel, node: Node): KeptAtTop | undefined {
  let declarator: Node | undefined = node.parent;
  while (declarator?.type === 'LogicalExpression') declarator = declarator.parent;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || declarator.parent.declarations.length !== 1) return undefined;
  const declaration = declarator.parent;
  const statement = declaration.parent.type === 'ExportNamedDeclaration' ? declaration.parent : declaration;
  const variable = model.scopes.variableOf(declarator.id);
  if (variable === undefined || !isConstant(variable) || statement.parent.type !== 'Program') return undefined;
  return { variable, declarator, statement: statement as TSESTree.Statement };
}

function wholeOf({ model, project }: ClientFixInput, node: TSESTree.NewExpression, { variable, statement, declarator }: KeptAtTop): Edit[] | BlockedReason {
  const layout = new SourceLayout(model.text);
  if (declarator.init !== node) return 'kept in a place of its own';
  const guard = clientGuardOf(model, project, node, variable.name);
  if (typeof guard === 'string') return guard;
  const alias = guard.before === '' ? undefined : insertAtTop(model, layout, statement, guard.before);
  const behind = insertBehind(layout, statement, guard.behind, true);
  if ((guard.before !== '' && alias === undefined) || behind === undefined) return 'nowhere to put it';
  return [...(alias === undefined ? [] : [alias]), { range: [node.range[0], node.range[0]], text: guard.asked }, behind];
}

/** The place is written and not read, or read and not written. */
function halfOf({ problem, model }: ClientFixInput, node: TSESTree.NewExpression, { variable, statement, declarator }: KeptAtTop): Edit[] | BlockedReason {
  if (problem.kind !== 'broken') return 'kept in a place of its own';
  const { kind, at, place, instead } = problem.broken;
  const target = unwrapExpression(at);
  if (target.type !== 'MemberExpression' || target.computed || instead !== undefined) return 'kept in a place of its own';
  const text = model.text.slice(...target.range);
  if (kind === 'unwritten') {
    if (memoGuardsOf(node).length !== 1 || declarator.init?.type !== 'LogicalExpression' || declarator.init.right !== node || /\?\./.test(text)) return 'kept in a place of its own';
    return [insertBehind(new SourceLayout(model.text), statement, keepingStatement(model, text, variable.name), false)!].filter(Boolean);
  }
  if (kind !== 'unread' || declarator.init !== node) return 'kept in a place of its own';
  return isThere(model, target, node) && isOfType(model, place, node) ? [{ range: [node.range[0], node.range[0]], text: `${text} ?? ` }] : 'kept in a place of its own';
}

/** Whether what the place is asked of is there before the client is made. */
function isThere(model: ProgramModel, target: TSESTree.MemberExpression, node: Node): boolean {
  const object = unwrapExpression(target.object);
  const variable = object.type === 'Identifier' ? model.scopes.variableOf(object) : undefined;
  const declaration = variable?.defs[0]?.node as Node | undefined;
  return object.type === 'Identifier' && (variable === undefined || (declaration !== undefined && declaration.range[1] < node.range[0]));
}

/** Whether the file says that the place holds a client of this class. */
function isOfType(model: ProgramModel, place: string, { callee }: TSESTree.NewExpression): boolean {
  if (!isTypeScript(model)) return true;
  const name = model.text.slice(...callee.range).replaceAll('$', '\\$');
  return new RegExp(`\\b${place}\\??\\s*:\\s*(?:undefined\\s*\\|\\s*)?${name}\\s*(?:\\|\\s*undefined\\s*)?(?:[;,}]|$)`, 'm').test(model.text);
}

/** The edit that puts a statement behind another one of the top level. */
function insertBehind(layout: SourceLayout, statement: Node, text: string, hasBlankLine: boolean): Edit | undefined {
  if (!layout.isLastInLine(statement.range[1])) return undefined;
  const end = layout.behindComments(statement.range[1]);
  return { range: [end, end], text: `${layout.eol}${hasBlankLine ? layout.eol : ''}${text}` };
}
