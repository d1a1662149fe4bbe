/**
 * A flag of the object that holds the resource, `if (this.closed) return`, in a method that gives the resource back once; or a variable beside the
 * resource, `if (released) return`, in a function that captures both. While the resource is out nobody has closed the object: the flag has the value
 * that it starts with.
 */
import { isVariable, writesOf } from '../bindings/scope-index.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { ALL } from '../domain/value-mask.ts';
import { isFunctionNode, type Node, type TSESTree } from '../syntax/estree.ts';
import { staticKeyName, staticMemberName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { Run } from './run.ts';
import { maskOf } from './value-of.ts';

/** What a test of such a flag comes to in a fresh object; undefined when `expression` is no such test, or its outcome is known otherwise. */
export function freshOutcome(run: Run, disjunct: Disjunct, expression: Node): boolean | undefined {
  return disjunct.state === 'held' ? startOfFlag(run, disjunct, expression) : undefined;
}

/** Whether `expression` tests such a flag when the resource was given back: then it may well have changed with that. */
export function mayBeSpent(run: Run, disjunct: Disjunct, expression: Node): boolean {
  return (disjunct.state === 'released' || disjunct.state === 'destroyed') && startOfFlag(run, disjunct, expression) !== undefined;
}

function startOfFlag(run: Run, disjunct: Disjunct, expression: Node): boolean | undefined {
  if (run.depth === 0) return undefined;
  const test = unwrapExpression(expression);
  if (test.type === 'UnaryExpression' && test.operator === '!') {
    const outcome = startOfFlag(run, disjunct, test.argument);
    return outcome === undefined ? undefined : !outcome;
  }
  if (test.type === 'Identifier') return freshVariable(run, disjunct, test);
  if (test.type !== 'MemberExpression' || test.object.type !== 'ThisExpression') return undefined;
  const name = staticMemberName(test);
  const place = run.model.placeOf(test);
  if (name === undefined || maskOf(run.model, disjunct, test) !== ALL) return undefined;
  if (!disjunct.aliases.some((alias) => alias.root === place.root && alias.path !== '' && alias.path !== place.path)) return undefined;
  return isSetElsewhere(run, test, name) ? undefined : startsAs(run, test, name);
}

/** Whether the class around the test sets its field in another place than behind the test, or where an object is made: then it may be set by now. */
function isSetElsewhere(run: Run, test: Node, name: string): boolean {
  const { file } = run.model;
  const body = classBodyAround(test);
  return file.memberAssignments.some(({ left }) => {
    const target = unwrapExpression(left);
    if (target.type !== 'MemberExpression' || staticMemberName(target) !== name || classBodyAround(target) !== body) return false;
    const isBehind = file.unitOf(target) === file.unitOf(test) && target.range[0] > test.range[1];
    return !isBehind && !isInConstructorOf(run, target, body);
  });
}

/** As `freshOutcome`, for a variable of the function around: nothing but the function that tests it writes it, and only behind the test. */
function freshVariable(run: Run, disjunct: Disjunct, test: TSESTree.Identifier): boolean | undefined {
  const { scopes } = run.model;
  const variable = scopes.variableOf(test);
  const declarator = variable?.defs[0]?.node as Node | undefined;
  if (variable === undefined || declarator?.type !== 'VariableDeclarator' || !declarator.init || maskOf(run.model, disjunct, test) !== ALL) return undefined;
  const owner = scopes.unitOfVariable(variable);
  const unit = run.model.file.unitOf(test);
  if (owner === unit || !disjunct.aliases.some(({ root }) => isVariable(root) && scopes.unitOfVariable(root) === owner)) return undefined;
  const isOnceGuard = writesOf(variable).every(({ identifier, init }) => init || run.model.file.unitOf(identifier as Node) === unit && (identifier as Node).range[0] > test.range[1]);
  return isOnceGuard ? literalBoolean(declarator.init) : undefined;
}

/** The boolean that the field of the class around `node` starts with; a field without a value counts as false. */
function startsAs(run: Run, node: Node, name: string): boolean | undefined {
  const body = classBodyAround(node);
  const field = body?.body.find((element) => element.type === 'PropertyDefinition' && staticKeyName(element.key, element.computed) === name);
  if (field?.type === 'PropertyDefinition') return field.value ? literalBoolean(field.value) : false;
  const assigned = run.model.file.memberAssignments.find(({ left }) => {
    const target = unwrapExpression(left);
    return target.type === 'MemberExpression' && staticMemberName(target) === name && isInConstructorOf(run, target, body);
  });
  return assigned && literalBoolean(assigned.right);
}

function isInConstructorOf(run: Run, node: Node, body: TSESTree.ClassBody | undefined): boolean {
  const unit = run.model.file.unitOf(node);
  const method = isFunctionNode(unit) ? unit.parent : undefined;
  return method?.type === 'MethodDefinition' && method.kind === 'constructor' && method.parent === body;
}

function literalBoolean(node: Node): boolean | undefined {
  const value = unwrapExpression(node);
  return value.type === 'Literal' && typeof value.value === 'boolean' ? value.value : undefined;
}

function classBodyAround(node: Node): TSESTree.ClassBody | undefined {
  let current: Node | undefined = node;
  while (current && current.type !== 'ClassBody') current = current.parent;
  return current;
}
