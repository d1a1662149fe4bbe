/** The sentence for a connection that is kept: where, for how long, what that does, and the way out. */
import type { Keeping } from '../analysis/find-keeping.ts';
import type { TypeRow } from '../drivers/driver.ts';
import { excerpt } from '../syntax/excerpt.ts';
import type { Node } from '../syntax/estree.ts';
import { endingWords, endsByOutcome } from './ending-words.ts';

/** What a stored connection is reported with. */
export function describeStored({ type, acquisition, keeping, text }: { type: TypeRow; acquisition: Node; keeping: Keeping; text: string }): string {
  const { node } = keeping;
  const { noun, pooledBy = 'pool' } = type;
  const where = `${keptIn(node, text)} on line ${String(node.loc.start.line)}`;
  const isTransaction = endsByOutcome(type);
  const verb = isTransaction ? 'begin' : 'take';
  // A connection is given back; what else there is has its own word.
  const ended = type.ending === undefined ? 'given back' : endingWords(type).done;
  const wayOut = keeping.isDedicated
    ? '`LISTEN` and advisory locks want a connection of their own, outside the pool.'
    : `Keep the ${pooledBy} instead, and ${verb} a ${noun} for each operation.`;
  return `The ${noun} from \`${excerpt(acquisition, text)}\` is kept ${where} and never ${ended}: `
    + `one connection of the pool is gone for as long as ${livesAs(keeping)} lives, and all its users share one ${isTransaction ? noun : 'session'}. ${wayOut}`;
}

function keptIn(node: Node, text: string): string {
  switch (node.type) {
    case 'AssignmentExpression':
      return `in \`${excerpt(node.left, text)}\``;
    case 'VariableDeclarator':
      return `in \`${excerpt(node.id, text)}\``;
    case 'PropertyDefinition':
      return `in \`${excerpt(node.key, text)}\``;
    default:
      return `by \`${excerpt(node, text)}\``;
  }
}

function livesAs({ lifetime, owner }: Keeping): string {
  switch (lifetime) {
    case 'process':
      return 'the process';
    case 'closure':
      return 'the closure';
    case 'object':
      return owner === undefined ? 'the object' : `the \`${owner}\``;
  }
}
