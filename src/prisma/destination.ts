import type { ProgramModel } from '../analysis/program-model.ts';
import { keeperOf, type Keeper } from '../roots/find-keeper.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import { callShape } from '../analysis/call-shape.ts';

/** Methods that give the client itself, or one that shares its pool. */
const SAME_CLIENT: ReadonlySet<string> = new Set(['$extends', '$on']);

/** Where a client goes, through the local variables that it is kept in. */
export interface Destination {
  /** Kept at module level, on the global object, or in an object that outlives the function. */
  readonly isKept: boolean;
  readonly isReturned: boolean;
  /** It is given to somebody of whom we do not know whether they keep it. */
  readonly isGiven: boolean;
  /** Where it is kept, as far as the syntax says. */
  readonly keepers: readonly Keeper[];
}

/** Where the value of `node`, an expression that makes a client, goes. */
export function destinationOf(model: ProgramModel, node: Node): Destination {
  const keepers: Keeper[] = [];
  let isReturned = false;
  let isGiven = false;
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
          // What an inner function captures lives as long as that function.
          if (model.file.unitOf(use) !== model.scopes.unitOfVariable(keeper.variable)) isGiven ||= isOutlasting(model, use);
          else follow(use);
        }
        break;
      case 'returned':
      case 'export':
        isReturned = true;
        break;
      case 'argument':
        isGiven ||= isKeptBy(model, keeper.call, follow);
        break;
      case 'part':
        isGiven = true;
        break;
      case 'global':
      case 'member':
      case 'field':
        keepers.push(keeper);
        break;
      case 'used':
      case 'nothing':
        break;
    }
  };
  follow(node);
  const isKept = keepers.some((keeper) => keeper.kind !== 'variable' || keeper.isModuleLevel);
  return { isKept, isReturned, isGiven, keepers };
}

/** Whether the function that `use` stands in is more than a callback that runs where it is given. */
function isOutlasting(model: ProgramModel, use: Node): boolean {
  const unit = model.file.unitOf(use);
  return unit.parent?.type !== 'CallExpression';
}

/** Follows what a constructor makes of the client: `new Repository(prisma)` may keep it. Whether another call may. */
function isKeptBy(model: ProgramModel, call: CallLike, follow: (value: Node) => void): boolean {
  const { isNew, callee, isMethod } = callShape(call);
  if (isNew) {
    follow(call);
    return false;
  }
  // A function of the project that is given a client uses it; what somebody else does is not known.
  return isMethod || model.bindings.entityOf(callee) === undefined;
}
