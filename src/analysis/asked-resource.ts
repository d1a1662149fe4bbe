/**
 * Tests that ask the resource, or an object that holds it, about its state in a way that we do not follow: `if (client.connected) client.release()`,
 * `if (!transaction.isCompleted()) …`. The answer may well be the very thing that is in question.
 */
import { ownRow } from '../bindings/own-row.ts';
import { isConstant, isVariable } from '../bindings/scope-index.ts';
import type { Graph, InstructionOf } from '../cfg/graph.ts';
import { leadsTo } from '../cfg/leads-to.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { ALL, FALSY, TRUTHY } from '../domain/value-mask.ts';
import type { TypeRow } from '../drivers/driver.ts';
import type { CallLike, Node, TSESTree } from '../syntax/estree.ts';
import { unwrapAwait, unwrapChain } from '../syntax/unwrap-expression.ts';
import { callShape, mayTakeCare } from './call-shape.ts';
import { heldBy } from './held.ts';
import type { Run } from './run.ts';
import { maskOf } from './value-of.ts';

/** Whether `expression`, a test, asks so. */
export function asksResource(run: Run, disjunct: Disjunct, expression: Node): boolean {
  if (disjunct.aliases.length === 0) return false;
  let test = unwrapChain(expression);
  while (test.type === 'UnaryExpression') test = unwrapChain(test.argument);
  if (test.type === 'BinaryExpression') {
    return (test.left.type !== 'PrivateIdentifier' && asksResource(run, disjunct, test.left)) || asksResource(run, disjunct, test.right);
  }
  test = unwrapChain(unwrapAwait(test));
  if (test.type === 'Identifier') return isStateBeside(run, disjunct, test);
  const member = test.type === 'CallExpression' ? unwrapChain(test.callee) : test;
  if (member.type !== 'MemberExpression' || heldBy(run.model, disjunct, member.object).length === 0) return false;
  const mask = maskOf(run.model, disjunct, test);
  return heldBy(run.model, disjunct, test).length === 0 && (mask & TRUTHY) !== 0 && (mask & FALSY) !== 0;
}

/** Whether the variable is a state beside the resource, in a function that was left and whose functions share both: `let open = true` next to `client`. */
function isStateBeside(run: Run, disjunct: Disjunct, test: TSESTree.Identifier): boolean {
  const { model } = run;
  const variable = model.scopes.variableOf(test);
  const owner = variable && model.scopes.unitOfVariable(variable);
  if (variable === undefined || owner === undefined || owner.type === 'Program' || isConstant(variable) || disjunct.site === undefined) return false;
  const { node } = disjunct.site;
  const unit = model.family.modelAt(node).file.unitOf(node);
  // A callback or a local function is followed where it stands.
  if (model.encloses(owner, unit) || model.encloses(unit, owner)) return false;
  return disjunct.aliases.some(({ root }) => isVariable(root) && model.scopes.unitOfVariable(root) === owner) && maskOf(model, disjunct, test) === ALL;
}

/**
 * The side of such a test on which a held resource is not looked after, where it is on the other one: `alternate` of `if (client.connected) client.release()`.
 * There it may well be that nothing is owed.
 */
export function unattendedSide(run: Run, disjunct: Disjunct, branch: InstructionOf<'branch'>): 'next' | 'alternate' | undefined {
  const type = disjunct.site?.acquisition.type;
  const attended = (at: number): boolean => at >= 0 && (isCare(run.graph, at, type) || careAhead(run.graph, type)[at] === 1);
  const next = attended(branch.next);
  return next === attended(branch.alternate) ? undefined : next ? 'alternate' : 'next';
}

const ahead = new WeakMap<Graph, Map<TypeRow | undefined, Uint8Array>>();

/** Which instructions lead to a call that gives back, by its name. */
function careAhead(graph: Graph, type: TypeRow | undefined): Uint8Array {
  const byType = ahead.get(graph) ?? new Map<TypeRow | undefined, Uint8Array>();
  ahead.set(graph, byType);
  let leads = byType.get(type);
  if (leads === undefined) {
    leads = leadsTo(graph, graph.instructions.filter(({ id }) => isCare(graph, id, type)));
    byType.set(type, leads);
  }
  return leads;
}

function isCare(graph: Graph, id: number, type: TypeRow | undefined): boolean {
  const instruction = graph.instructions[id]!;
  if (instruction.op !== 'call') return false;
  const shape = callShape(instruction.node as CallLike);
  if (shape.name === undefined) return false;
  return mayTakeCare(shape) || ownRow(type?.members, shape.name)?.effect === 'release' || type?.takenBackBy?.some(({ name }) => name === shape.name) === true;
}
