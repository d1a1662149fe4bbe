/**
 * A flag of the object that holds the resource, `if (this.closed) return`, in a method that gives the resource back once. While the resource is
 * out nobody has closed the object: the flag has the value that it starts with.
 */
import type { Disjunct } from '../domain/disjunct.ts';
import { ALL } from '../domain/value-mask.ts';
import { isFunctionNode, type Node, type TSESTree } from '../syntax/estree.ts';
import { staticKeyName, staticMemberName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { Run } from './run.ts';
import { maskOf } from './value-of.ts';

/** What a test of such a flag comes to in a fresh object; undefined when `expression` is no such test, or its outcome is known otherwise. */
export function freshOutcome(run: Run, disjunct: Disjunct, expression: Node): boolean | undefined {
  if (disjunct.state !== 'held' || run.depth === 0) return undefined;
  const test = unwrapExpression(expression);
  if (test.type === 'UnaryExpression' && test.operator === '!') {
    const outcome = freshOutcome(run, disjunct, test.argument);
    return outcome === undefined ? undefined : !outcome;
  }
  if (test.type !== 'MemberExpression' || test.object.type !== 'ThisExpression') return undefined;
  const name = staticMemberName(test);
  const place = run.model.placeOf(test);
  if (name === undefined || maskOf(run.model, disjunct, test) !== ALL) return undefined;
  if (!disjunct.aliases.some((alias) => alias.root === place.root && alias.path !== '' && alias.path !== place.path)) return undefined;
  return startsAs(run, test, name);
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
