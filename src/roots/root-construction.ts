/** Which calls make a root: a long-lived object with connections of its own (a pool, a DataSource, a client). Known by the bindings, never by name alone. */
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Driver, FactoryRow, RootRow, TypeRow } from '../drivers/driver.ts';
import { callShape } from '../analysis/call-shape.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import { literalOption, optionValue, showsUrl } from './construction-arguments.ts';

/** A call that makes a root, and what the tables say of it. */
export interface RootConstruction {
  readonly node: CallLike;
  readonly driver: Driver;
  readonly type: TypeRow & { readonly root: RootRow };
  /** API path, for people: `pg › Pool`. */
  readonly path: string;
  /** Of a factory: whether it gives a promise, and what its callback gets. */
  readonly factory: FactoryRow | undefined;
}

/** What `call`, of the file of `model`, constructs, or undefined when it is no construction of a root that has connections of its own. */
export function rootConstructionOf(model: ProgramModel, call: CallLike): RootConstruction | undefined {
  const made = model.bindings.constructionOf(call);
  const type = made?.driver.types[made.type];
  if (made === undefined || type?.root === undefined || !hasOwnConnections(model, call, type.root)) return undefined;
  return { node: call, driver: made.driver, type: type as RootConstruction['type'], path: made.path, factory: made.factory };
}

function hasOwnConnections(model: ProgramModel, call: CallLike, root: RootRow): boolean {
  const { arguments: given } = callShape(call);
  for (const [name, values] of Object.entries(root.exceptIf ?? {})) {
    const value = literalOption(model, given, name);
    if (value !== undefined && values.includes(value)) return false;
  }
  if (given.some((argument) => isFileUrl(argument))) return false;
  const { ownsIf } = root;
  if (ownsIf === undefined) return true;
  if (ownsIf.url === true && given[0] !== undefined && showsUrl(model, given[0])) return true;
  return (ownsIf.options ?? []).some((name) => optionValue(model, given, name) !== undefined);
}

/** `sqlite::memory:`, `sqlite:db.sqlite`. */
function isFileUrl(node: Node): boolean {
  return node.type === 'Literal' && typeof node.value === 'string' && /^(?:sqlite|file):/.test(node.value);
}
