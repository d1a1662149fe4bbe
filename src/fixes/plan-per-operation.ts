/** A connection that a class keeps in a private field, for single queries only, is not kept: each query asks the pool, which takes and gives back a connection by itself. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { memberUses } from '../analysis/member-uses.ts';
import type { StoredFinding } from '../findings/finding.ts';
import { isClassNode, type ClassNode, type Node, type Statement, type TSESTree } from '../syntax/estree.ts';
import { staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapAwait, unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { inOrder, type Edit, type FixAnswer } from './edit-plan.ts';
import type { AcquisitionInput } from './fix-input.ts';
import { completionOf } from './handle-uses.ts';
import { ModuleImports } from './module-imports.ts';
import { needsOwnConnection } from './open-transaction.ts';
import { poolOf } from './plan-single-shot.ts';
import { removeParagraph, removeStatement } from './remove-statement.ts';
import { SourceLayout } from './source-layout.ts';

const FORM = 'taken per operation';

/** What is planned for a connection that is kept. */
export interface StoredInput extends AcquisitionInput {
  readonly finding: StoredFinding;
}

/** The edits that let the pool take a connection for each query. */
export function planPerOperation(input: StoredInput): FixAnswer {
  const { finding, site, model } = input;
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  if (finding.isDedicated) return blocked('needs a connection of its own');
  const kept = keptInField(model, site.node);
  if (typeof kept === 'string') return blocked(kept);
  const pool = poolOf({ site, model });
  if (pool === undefined) return blocked('no single shot');
  if (!isAtHand(model, kept.owner, site.node)) return blocked('pool out of reach');
  const receivers = receiversOf(model, kept, pool.text, pool.methods);
  if (typeof receivers === 'string') return blocked(receivers);
  const layout = new SourceLayout(model.text);
  if ([kept.statement, kept.field, ...receivers].some(({ range }) => layout.hasComment(range))) return blocked('comment');
  const method = pool.methods[0]!;
  return {
    kind: 'edits', form: FORM, safety: 'suggestion',
    title: `Query with \`${pool.text}.${method}()\`, which takes and releases a ${site.acquisition.type.noun} for each query.`,
    edits: inOrder([
      ...removeParagraph(layout, kept.field),
      ...removeStatement(layout, kept.statement),
      ...receivers.map(({ range }): Edit => ({ range, text: pool.text })),
      ...unneededTypes(model, kept.field),
    ]),
  };
}

interface KeptInField {
  readonly owner: ClassNode;
  readonly name: string;
  readonly field: TSESTree.PropertyDefinition;
  readonly target: TSESTree.MemberExpression;
  readonly statement: Statement;
}

/** `this.client = await this.pool.connect();`, of a private field that holds nothing else. */
function keptInField(model: ProgramModel, acquisition: Node): KeptInField | BlockedReason {
  let value = acquisition;
  while (value.parent && unwrapAwait(value.parent) === acquisition) value = value.parent;
  const assignment = value.parent;
  if (value === acquisition || assignment?.type !== 'AssignmentExpression' || assignment.operator !== '=' || assignment.right !== value) return 'not in a field';
  const target = unwrapExpression(assignment.left);
  const statement = assignment.parent;
  if (target.type !== 'MemberExpression' || target.object.type !== 'ThisExpression' || statement.type !== 'ExpressionStatement' || statement.parent.type !== 'BlockStatement') return 'not in a field';
  const name = staticMemberName(target);
  const owner = ownerOf(target.object);
  const field = owner?.body.body.find((element) => element.type === 'PropertyDefinition' && staticPropertyName(element) === name);
  if (name === undefined || owner === undefined || field?.type !== 'PropertyDefinition') return 'not private';
  const isPrivate = field.accessibility === 'private' || field.key.type === 'PrivateIdentifier';
  if (!isPrivate || field.static || field.decorators.length > 0) return 'not private';
  const start = field.value && model.text.slice(...field.value.range);
  return start === null || start === 'null' || start === 'undefined' ? { owner, name, field, target, statement } : 'reassigned';
}

/** The class whose object `this` is. */
function ownerOf(self: Node): ClassNode | undefined {
  for (let node = self.parent; node; node = node.parent) {
    if (node.type === 'FunctionDeclaration' || (node.type === 'FunctionExpression' && node.parent.type !== 'MethodDefinition')) return undefined;
    if ((node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') && node.static) return undefined;
    if (isClassNode(node)) return node;
  }
  return undefined;
}

/** Whether all methods of the class have the pool that the connection is taken from: a field that its constructor sets, or a constant of the module. */
function isAtHand(model: ProgramModel, owner: ClassNode, acquisition: Node): boolean {
  const callee = acquisition.type === 'CallExpression' ? unwrapChain(acquisition.callee) : undefined;
  const pool = callee?.type === 'MemberExpression' ? unwrapExpression(callee.object) : undefined;
  if (pool?.type === 'Identifier') return isModuleConstant(model, pool);
  const name = pool?.type === 'MemberExpression' && pool.object.type === 'ThisExpression' ? staticMemberName(pool) : undefined;
  if (name === undefined) return false;
  return memberUses(model.file, name).every((use) => {
    const { parent } = use;
    if (parent.type !== 'AssignmentExpression' || parent.left !== use) return true;
    const unit = model.file.unitOf(parent);
    return unit.parent?.type === 'MethodDefinition' && unit.parent.kind === 'constructor' && unit.parent.parent === owner.body;
  });
}

function isModuleConstant(model: ProgramModel, name: TSESTree.Identifier): boolean {
  const variable = model.scopes.variableOf(name);
  if (variable === undefined || model.scopes.unitOfVariable(variable)?.type !== 'Program') return false;
  return variable.references.every((reference) => !reference.isWrite() || reference.init === true) && model.scopes.meaningOf(name.name, model.file.program) === variable;
}

/** What the queries are called on, where nothing but single queries is done with the field. */
function receiversOf(model: ProgramModel, { owner, name, target }: KeptInField, pool: string, methods: readonly string[]): Node[] | BlockedReason {
  if (/\bthis\s*\[/.test(model.text.slice(...owner.range))) return 'escapes';
  const receivers: Node[] = [];
  for (const use of memberUses(model.file, name)) {
    if (use === target) continue;
    if (use.type !== 'MemberExpression' || use.object.type !== 'ThisExpression') return 'escapes';
    const other = ownerOf(use.object);
    // A field of the same name, of another class.
    if (other !== undefined && other !== owner) continue;
    if (other === undefined) return 'escapes';
    const receiver = use.parent.type === 'TSNonNullExpression' ? use.parent : use;
    const member = receiver.parent;
    if (member?.type === 'AssignmentExpression' && member.left === receiver) return 'reassigned';
    if (member?.type !== 'MemberExpression' || member.object !== receiver) return 'escapes';
    const call = member.parent;
    const method = staticMemberName(member);
    if (member.optional || call.type !== 'CallExpression' || call.callee !== member || call.optional || method === undefined || !methods.includes(method)) return 'no single shot';
    if (call.arguments.some(({ type }) => type === 'NewExpression')) return 'used as a stream';
    if (call.arguments.some(({ type }) => type === 'ArrowFunctionExpression' || type === 'FunctionExpression')) return 'callback style';
    // Of two that nobody waits for one by one, the order was that of the connection.
    if (!isWaitedFor(call)) return 'unfinished';
    if (needsOwnConnection(model, { call, method, completion: completionOf(call), isUnseen: false }) !== false) return 'needs a connection of its own';
    if (!pool.includes('.') && model.scopes.meaningOf(pool, use) !== model.scopes.meaningOf(pool, target)) return 'pool out of reach';
    receivers.push(receiver);
  }
  return receivers.length === 0 ? 'nothing to wrap' : receivers;
}

/** Whether the promise is awaited, or returned, where the call stands. */
function isWaitedFor(call: Node): boolean {
  const { parent } = call;
  return parent?.type === 'AwaitExpression' || parent?.type === 'ReturnStatement' || (parent?.type === 'ArrowFunctionExpression' && parent.body === call);
}

/** Takes the import of the type of the field away, where nothing else needs it. */
function unneededTypes(model: ProgramModel, field: TSESTree.PropertyDefinition): readonly Edit[] {
  const type = field.typeAnnotation;
  if (type === undefined) return [];
  const imports = new ModuleImports(model);
  for (const variable of model.scopes.namedBetween(...type.range)) {
    const { edits } = imports.unneeded(variable, [field]);
    // One of them: those of the same statement would get into each other's way.
    if (edits.length > 0) return edits;
  }
  return [];
}
