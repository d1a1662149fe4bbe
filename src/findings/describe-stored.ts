/** The sentence for a connection that is kept: where, for how long, what that does, and the way out. */
import type { Keeping } from '../analysis/find-keeping.ts';
import type { TypeRow } from '../drivers/driver.ts';
import { excerpt } from '../syntax/excerpt.ts';
import type { Node } from '../syntax/estree.ts';

/** What a stored connection is reported with. */
export function describeStored({ type, acquisition, keeping, text }: { type: TypeRow; acquisition: Node; keeping: Keeping; text: string }): string {
  const { noun } = type;
  const line = `line ${String(keeping.node.loc.start.line)}`;
  const taken = `The ${noun} from \`${excerpt(acquisition, text)}\` is ${keptIn(keeping.node, text)} on ${line} and never given back`;
  const consequence = `one connection of the pool is gone for as long as ${livesAs(keeping)} lives, and all its users share one session`;
  const wayOut = keeping.isDedicated
    ? 'Keep a connection of its own for this, outside the pool.'
    : `Keep the pool instead, and take a ${noun} for each operation (\`${type.giveBack.replace('$', noun).replace('@', 'pool')}\` in a \`finally\` block).`;
  return `${taken}: ${consequence}. ${wayOut}`;
}

function keptIn(node: Node, text: string): string {
  switch (node.type) {
    case 'AssignmentExpression':
      return `kept in \`${excerpt(node.left, text)}\``;
    case 'VariableDeclarator':
      return `kept in \`${excerpt(node.id, text)}\``;
    case 'PropertyDefinition':
      return `kept in the field \`${excerpt(node.key, text)}\``;
    case 'NewExpression':
      return `kept by \`${excerpt(node, text)}\``;
    default:
      return `kept by \`${excerpt(node, text)}\``;
  }
}

function livesAs({ lifetime, owner }: Keeping): string {
  switch (lifetime) {
    case 'process':
      return 'the process';
    case 'closure':
      return 'the function that uses it';
    case 'object':
      return owner === undefined ? 'the object' : `the \`${owner}\``;
  }
}
