/** Singletons that do not work: a place of the global object is written and never read, read and then passed by, or read and never written. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { memoGuardsOf } from '../roots/memo-guard.ts';
import type { Node } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { Client } from './client-group.ts';
import { destinationOf } from './destination.ts';
import { globalPlaceOf, globalUsesIn, type GlobalUse } from './global-places.ts';

/** What is wrong with a singleton, and where it shows. */
export interface BrokenSingleton {
  readonly kind: 'unread' | 'passed-by' | 'unwritten';
  /** The name of the place of the global object. */
  readonly place: string;
  /** Where it is written, or read. */
  readonly at: Node;
  /** For `unwritten`: the place that is written instead. */
  readonly instead: string | undefined;
}

/** What is wrong with the singleton that `client` is meant to be. `isUsedElsewhere`: whether another file of the package speaks of a place. */
export function brokenSingletonOf(model: ProgramModel, client: Client, isUsedElsewhere: (place: string) => boolean): BrokenSingleton | undefined {
  const uses = globalUsesIn(model);
  if (uses.length === 0) return undefined;
  const written = uses.filter((use) => use.isWrite && client.alternatives.some(({ node }) => isWrittenWith(model, use, node)));
  if (client.isGuarded) return unwrittenPlace(model, client, uses, written, isUsedElsewhere);
  const [first] = written;
  if (first === undefined || !client.alternatives.every(({ node }) => model.file.unitOf(node).type === 'Program')) return undefined;
  const reads = uses.filter((use) => use.isRead && use.place === first.place);
  if (reads.length === 0) {
    return client.isOffered && !isUsedElsewhere(first.place) ? { kind: 'unread', place: first.place, at: first.node, instead: undefined } : undefined;
  }
  const test = reads.find(({ node }) => isQuestion(node));
  return test && { kind: 'passed-by', place: first.place, at: test.node, instead: undefined };
}

function unwrittenPlace(model: ProgramModel, client: Client, uses: readonly GlobalUse[], written: readonly GlobalUse[], isUsedElsewhere: (place: string) => boolean): BrokenSingleton | undefined {
  for (const { node } of client.alternatives) {
    for (const { asked } of memoGuardsOf(node)) {
      const place = globalPlaceOf(model, asked);
      if (place === undefined || uses.some((use) => use.isWrite && use.place === place) || isUsedElsewhere(place)) continue;
      return { kind: 'unwritten', place, at: asked, instead: written[0]?.place };
    }
  }
  return undefined;
}

/** Whether the client that `site` makes is what is written: itself, or the variable that it is kept in. */
function isWrittenWith(model: ProgramModel, { node }: GlobalUse, site: Node): boolean {
  let target = node;
  while (target.parent?.type.startsWith('TS') === true) target = target.parent;
  const assignment = target.parent;
  if (assignment?.type !== 'AssignmentExpression') return false;
  const { right } = assignment;
  if (right.range[0] <= site.range[0] && site.range[1] <= right.range[1]) return true;
  const name = unwrapExpression(right);
  const variable = name.type === 'Identifier' ? model.scopes.variableOf(name) : undefined;
  return variable !== undefined && destinationOf(model, site).keepers.some((keeper) => keeper.kind === 'variable' && keeper.variable === variable);
}

/** Whether the read asks if something is there, or takes it as the value of a variable. */
function isQuestion(node: Node): boolean {
  let child = node;
  let parent = node.parent;
  while (parent && (parent.type.startsWith('TS') || parent.type === 'ChainExpression')) [child, parent] = [parent, parent.parent];
  switch (parent?.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return parent.test === child;
    case 'LogicalExpression':
    case 'UnaryExpression':
    case 'BinaryExpression':
      return true;
    case 'VariableDeclarator':
      return parent.init === child;
    default:
      return false;
  }
}
