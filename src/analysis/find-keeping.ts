/**
 * Whether what an acquisition took is kept: put somewhere that outlives the operation, with nothing in sight that gives it back from there.
 * Decided after the runs, from what they settled and from the code that reads the place.
 */
import { selfOf } from '../bindings/resolve-value.ts';
import type { Variable } from '../bindings/scope-index.ts';
import type { Settlement } from '../domain/obligation.ts';
import type { TypeRow } from '../drivers/driver.ts';
import { isClassNode, isFunctionNode, type ClassNode, type Node } from '../syntax/estree.ts';
import { staticPropertyName } from '../syntax/static-name.ts';
import { unwrapAwait } from '../syntax/unwrap-expression.ts';
import type { SiteOutcome } from './analyse-program.ts';
import { callShape } from './call-shape.ts';
import { isGivenBackElsewhere } from './given-back-elsewhere.ts';
import { familyOf, holderOf, type Holder } from './holder-of.ts';
import { isFailurePath, KeptUses } from './kept-use.ts';
import { memberUses } from './member-uses.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';

/** Where a resource is kept, for good. */
export interface Keeping {
  /** What keeps it: an assignment, a field, a construction, the call of a function that stores it. */
  readonly node: Node;
  /** What has it: a class by its name, or undefined. */
  readonly owner: string | undefined;
  readonly lifetime: Holder['lifetime'];
  /** Whether it is kept for `LISTEN` or for an advisory lock. */
  readonly isDedicated: boolean;
}

/** A place outside of the followed code that a path of it left the resource in. */
export interface Store {
  readonly node: Node;
  readonly places: readonly PlaceRef[];
}

/** Where the resource of this site is kept; undefined: nowhere, or somebody gives it back, or that is not known. */
export function findKeeping(model: ProgramModel, outcome: SiteOutcome): Keeping | undefined {
  const acquisition = outcome.site?.acquisition;
  const type = acquisition?.type;
  // Of what is known by its use alone, nobody knows whether there is a pool.
  if (type?.pooledBy === undefined || acquisition?.isGuess === true || outcome.settlements.some(({ kind }) => kind === 'unknown')) return undefined;
  const transfers = new Set(outcome.settlements.map((settlement: Settlement) => settlement.kind === 'transferred' && settlement.to));
  const isStored = transfers.delete('stored') || transfers.delete('stored in an outer variable');
  transfers.delete('stored in an outer variable');
  const isReturned = transfers.delete('returned');
  if (transfers.size > 0 || isPoolClosed(model, outcome.node)) return undefined;
  // What an object has that a call made or opened is the matter of its class.
  if (keeperOf(model, outcome) !== undefined) return undefined;
  if (isStored) return isReturned || outcome.takenBack.some((node) => !isFailurePath(model, node)) ? undefined : keepingOfStores(model, outcome, type);
  const isLost = isGivenInPlace(outcome.node) && outcome.owed.some(({ arrival }) => arrival.state.exact);
  if (isReturned ? outcome.isReturnedItself : !isLost) return undefined;
  return keepingOfConstruction(model, outcome, type);
}

/** What the class of an object, which a call of a project's function left the resource in, has to give it back. */
export interface KeeperClass {
  /** Whether it has nothing: then that is reported where the class takes it. */
  readonly keepsForGood: boolean;
  /** The method that gives it back, where it is one that others may call. */
  readonly closer: string | undefined;
}

/** The class whose objects keep what a call of a project's function handed out; undefined: it is handed out otherwise, or that class is not known. */
export function keeperOf(model: ProgramModel, outcome: SiteOutcome): KeeperClass | undefined {
  const type = outcome.site?.acquisition.type;
  const [place, ...others] = outcome.origin;
  if (type === undefined || place === undefined || others.length > 0) return undefined;
  const holder = holderOf(model, place, model.file.unitOf(outcome.node));
  if (holder?.owner === undefined || !isClassNode(holder.owner)) return undefined;
  const uses = new KeptUses(type);
  const isGivenBack = mayBeGivenBack(model, holder, uses);
  return { keepsForGood: !isGivenBack && type.pooledBy !== undefined, closer: uses.givenBackAt && publicMethodAt(model, uses.givenBackAt, holder.owner) };
}

/** The name of the method of the class that `node` stands in, when others may call it. */
function publicMethodAt(model: ProgramModel, node: Node, owner: ClassNode): string | undefined {
  const method = model.file.unitOf(node).parent;
  if (method?.type !== 'MethodDefinition' || method.kind !== 'method' || method.parent.parent !== owner) return undefined;
  const name = staticPropertyName(method);
  return method.accessibility === 'private' || method.accessibility === 'protected' || name === undefined || !/^[\w$]+$/.test(name) ? undefined : name;
}

function keepingOfStores(model: ProgramModel, outcome: SiteOutcome, type: TypeRow): Keeping | undefined {
  const uses = new KeptUses(type);
  let keeping: Keeping | undefined;
  for (const { node, places } of outcome.stores) {
    if (places.length === 0) return undefined;
    for (const place of places) {
      const unit = model.file.unitOf(node);
      const holder = holderOf(model, place, unit);
      if (holder === undefined || mayBeGivenBack(model, holder, uses)) return undefined;
      if (holder.variable !== undefined && unit.type === 'Program' && !isShared(model, holder.variable)) return undefined;
      const handsOn = outcome.isReturnedItself || (isFunctionNode(unit) && uses.returnedBy.has(unit));
      // A function that takes a new one each time and returns it gives it to its caller, whatever it remembers.
      if (handsOn && !isMemoised(model, holder, outcome.node, node)) return undefined;
      if (isGivenBackElsewhere(holder, type, uses.returnedBy, model.family.neighbours())) return undefined;
      keeping ??= { node, owner: nameOf(holder.owner), lifetime: holder.lifetime, isDedicated: false };
    }
  }
  return keeping && { ...keeping, isDedicated: uses.isDedicated || isDedicatedBefore(model, outcome.node, type) };
}

function keepingOfConstruction(model: ProgramModel, outcome: SiteOutcome, type: TypeRow): Keeping | undefined {
  const uses = new KeptUses(type);
  let keeping: Keeping | undefined;
  for (const places of outcome.constructed) {
    for (const place of places) {
      const holder = holderOf(model, place, model.file.unitOf(outcome.node));
      if (holder?.owner === undefined || mayBeGivenBack(model, holder, uses)) return undefined;
      if (isGivenBackElsewhere(holder, type, [], model.family.neighbours())) return undefined;
      keeping ??= { node: place.root as Node, owner: nameOf(holder.owner), lifetime: 'object', isDedicated: false };
    }
  }
  return keeping && { ...keeping, isDedicated: uses.isDedicated };
}

/** Whether the file ends the pool that the connection is taken from, in a way that closes the connection. */
function isPoolClosed(model: ProgramModel, acquisition: Node): boolean {
  const pool = acquisition.type === 'CallExpression' ? callShape(acquisition).receiver : undefined;
  if (pool === undefined) return false;
  const place = model.placeOf(pool);
  return poolsClosedIn(model).some((receiver) => {
    const ended = model.placeOf(receiver);
    // `this.pool` of one method is that of another.
    return ended.path === place.path && (ended.root === place.root || ('unit' in ended.root && 'unit' in place.root && selfOf(receiver)?.node === selfOf(pool)?.node));
  });
}

const closedPools = new WeakMap<ProgramModel, readonly Node[]>();

/** The pools that the file ends in a way that closes what was taken from them: found once, and not for each acquisition. */
function poolsClosedIn(model: ProgramModel): readonly Node[] {
  let pools = closedPools.get(model);
  if (pools === undefined) {
    pools = [...model.file.calls.values()].flat().flatMap((call) => {
      const { receiver, isMethod } = callShape(call);
      if (!isMethod || receiver === undefined) return [];
      const row = model.bindings.memberRowOf(call)?.row;
      return row?.effect === 'ends' && row.closesTaken === true ? [receiver] : [];
    });
    closedPools.set(model, pools);
  }
  return pools;
}

/** Whether some code in sight may give back what the holder keeps. */
function mayBeGivenBack(model: ProgramModel, holder: Holder, uses: KeptUses): boolean {
  const { variable, field, owner } = holder;
  if (variable !== undefined) return uses.variableMayGiveBack(holder.model, variable);
  if (field === undefined) return true;
  const family = owner && familyOf(holder.model, owner);
  if (family?.extendsUnknown === true && isClassNode(owner!) && !declares(owner, field)) return true;
  return [...new Set([...(family?.models ?? [holder.model]), model])].some((home) =>
    uses.memberMayGiveBack(home, field, (use) => {
      const object = objectAt(home, use);
      return object === 'library' || (object !== undefined && family?.classes.has(object) !== true);
    }));
}

/** What the member is read of, where that is known: a class, an object literal, an object of a library. */
function objectAt(model: ProgramModel, use: Node): Node | 'library' | undefined {
  let object = use.type === 'MemberExpression' ? use.object : undefined;
  if (use.type === 'Property' && use.parent.parent?.type === 'VariableDeclarator' && use.parent.parent.init) object = use.parent.parent.init;
  let entity = object && model.bindings.entityOf(object);
  if (entity?.kind === 'foreign') entity = entity.entity;
  switch (entity?.kind) {
    case 'local-instance':
    case 'local-class':
    case 'local-object':
      return entity.node;
    case 'instance':
      return 'library';
    default:
      return undefined;
  }
}

/** Whether the class itself declares the field: then no class of a library that it extends knows of it. */
function declares(owner: ClassNode, field: string): boolean {
  return field.startsWith('#') || owner.body.body.some((element) => element.type === 'PropertyDefinition' && staticPropertyName(element) === field);
}

/** Whether the function looks at the place before it takes something to put there: `if (!this.client) this.client = …`, `this.client ??= …`. */
function isMemoised(model: ProgramModel, { field, variable }: Holder, acquisition: Node, store: Node): boolean {
  const unit = model.file.unitOf(store);
  const uses: readonly Node[] = variable === undefined ? memberUses(model.file, field ?? '') : referencesTo(variable);
  return uses.some((use) => {
    if (use.range[0] > acquisition.range[0] || model.file.unitOf(use) !== unit) return false;
    const { parent } = use;
    return parent?.type !== 'AssignmentExpression' || parent.left !== use || parent.operator !== '=';
  });
}

/** Whether code that may run at any time uses a variable of the module, or other modules can. */
function isShared(model: ProgramModel, variable: Variable): boolean {
  const declaration = (variable.defs[0]?.parent as Node | null | undefined)?.parent;
  return declaration?.type === 'ExportNamedDeclaration' || referencesTo(variable).some((node) => {
    const unit = model.file.unitOf(node);
    return unit.type === 'Program' ? node.parent?.type.startsWith('Export') === true : model.callGraph.runsAnytime(unit, undefined);
  });
}

function referencesTo(variable: Variable): Node[] {
  return variable.references.filter((reference) => !reference.init).map((reference) => reference.identifier as Node);
}

/** Whether the call stands in the arguments of a construction, so that nothing else knows what it gives. */
function isGivenInPlace(acquisition: Node): boolean {
  let value = acquisition;
  while (value.parent && unwrapAwait(value.parent) === unwrapAwait(acquisition)) value = value.parent;
  const { parent } = value;
  return parent?.type === 'NewExpression' && parent.callee !== value;
}

/** Whether a variable that had the resource before it was stored was used to bind its session to one purpose. */
function isDedicatedBefore(model: ProgramModel, acquisition: Node, type: TypeRow): boolean {
  let value = acquisition;
  while (value.parent && unwrapAwait(value.parent) === unwrapAwait(acquisition)) value = value.parent;
  const declarator = value.parent;
  const variable = declarator?.type === 'VariableDeclarator' && declarator.id.type === 'Identifier' ? model.scopes.variableOf(declarator.id) : undefined;
  if (variable === undefined) return false;
  const uses = new KeptUses(type);
  uses.variableMayGiveBack(model, variable);
  return uses.isDedicated;
}

function nameOf(owner: Holder['owner']): string | undefined {
  return owner !== undefined && isClassNode(owner) ? owner.id?.name : undefined;
}
