import type { ProgramModel } from '../analysis/program-model.ts';
import { keeperOf, type Keeper } from '../roots/find-keeper.ts';
import type { Node } from '../syntax/estree.ts';
import { callShape } from '../analysis/call-shape.ts';

/** Methods that give the client itself, or one that shares its pool. */
const SAME_CLIENT: ReadonlySet<string> = new Set(['$extends', '$on']);

/** Where a client goes, through the local variables that it is kept in. */
export interface Destination {
  /** Kept at module level, on the global object, or in an object that outlives the function. */
  readonly isKept: boolean;
  readonly isReturned: boolean;
  /** Where it is kept, as far as the syntax says. */
  readonly keepers: readonly Keeper[];
}

/** Where the value of `node`, an expression that makes a client, goes. */
export function destinationOf(model: ProgramModel, node: Node): Destination {
  const keepers: Keeper[] = [];
  let isReturned = false;
  const seen = new Set<Node>();
  const follow = (value: Node): void => {
    if (seen.has(value)) return;
    seen.add(value);
    const keeper = keeperOf(model, value, SAME_CLIENT);
    switch (keeper.kind) {
      case 'variable':
        keepers.push(keeper);
        if (keeper.isModuleLevel) break;
        for (const reference of keeper.variable.references) {
          if (!reference.isRead()) continue;
          const use = reference.identifier as Node;
          if (model.file.unitOf(use) === model.scopes.unitOfVariable(keeper.variable)) follow(use);
        }
        break;
      case 'returned':
      case 'export':
        isReturned = true;
        break;
      case 'argument':
        // `new Repository(prisma)` may keep it: where does the repository go?
        if (callShape(keeper.call).isNew) follow(keeper.call);
        break;
      case 'global':
      case 'member':
      case 'field':
        keepers.push(keeper);
        break;
      case 'part':
      case 'used':
      case 'nothing':
        break;
    }
  };
  follow(node);
  const isKept = keepers.some((keeper) => keeper.kind !== 'variable' || keeper.isModuleLevel);
  return { isKept, isReturned, keepers };
}
