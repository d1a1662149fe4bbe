/** Roots as obligations: what makes one owes its end, and the engine that follows connections follows it (`src/analysis`). */
import type { AcquisitionKind } from '../analysis/acquisition-calls.ts';
import { functionOf } from '../analysis/callback-function.ts';
import { callShape } from '../analysis/call-shape.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import { mayCallRootModule } from '../analysis/root-names.ts';
import type { Acquisition } from '../bindings/entity.ts';
import type { Driver, MemberRow, TypeRow } from '../drivers/driver.ts';
import type { CallLike } from '../syntax/estree.ts';
import { rootConstructionOf, type RootConstruction } from './root-construction.ts';

/** Roots that are made: a construction acquires, and what ends the root releases. */
export const ROOTS: AcquisitionKind = {
  find(model, node) {
    if (!mayCallRootModule(model.scopes, node, model.drivers)) return undefined;
    const construction = rootConstructionOf(model, node);
    return construction && { kind: 'direct', node, acquisition: acquisitionOf(model, construction) };
  },
  onlyAwaitedThrows: true,
  mayBeHandedOut: (model, ...names) => model.mayHandOutRoot(...names),
};

/** As `ROOTS`, and what only other files show to be one: `new PrismaService()`, whose class extends PrismaClient there. For files of which something says that it may be. */
export const ROOTS_OF_PROJECT: AcquisitionKind = {
  ...ROOTS,
  find(model, node) {
    const construction = rootConstructionOf(model, node);
    return construction && { kind: 'direct', node, acquisition: acquisitionOf(model, construction) };
  },
};

function acquisitionOf(model: ProgramModel, { node, type, path, factory }: RootConstruction): Acquisition {
  return {
    path,
    evidence: 'import',
    style: factory?.gives === 'promise' ? 'promise' : 'direct',
    callback: takesCallback(model, node) ? factory?.callback : undefined,
    type: owedType(type, model.drivers),
    // Whether it has a dispose method is not in every table.
    isGuess: type.dispose === undefined,
    isRoot: true,
    pair: undefined,
  };
}

/** Whether the last argument is a function, as far as is seen; or nobody has the promise, so that it must be one. */
function takesCallback(model: ProgramModel, call: CallLike): boolean {
  const last = callShape(call).arguments.at(-1);
  return last !== undefined && (functionOf(model, last) !== undefined || call.parent.type === 'ExpressionStatement');
}

/** By the tables, for which wrappers there are depends on them. */
const owed = new WeakMap<readonly Driver[], WeakMap<TypeRow, TypeRow>>();

/** The row of a root as something that is owed: what ends it releases it, and so does what ends an object that stands for it (`db.destroy()` of Kysely). */
function owedType(type: RootConstruction['type'], drivers: readonly Driver[]): TypeRow {
  const known = owed.get(drivers) ?? new WeakMap<TypeRow, TypeRow>();
  owed.set(drivers, known);
  let row = known.get(type);
  if (row === undefined) {
    const members: Record<string, MemberRow> = {};
    for (const [name, member] of [...membersOfWrappers(drivers), ...Object.entries(type.members)]) {
      if (member.effect === 'ends') members[name] = { effect: 'release', again: 'harmless' };
      else if (member.effect === 'self' || (member.effect === 'returns' && member.anew !== true)) members[name] = { effect: 'self' };
    }
    row = { ...type, members, giveBack: type.root.close };
    known.set(type, row);
  }
  return row;
}

function membersOfWrappers(drivers: readonly Driver[]): [string, MemberRow][] {
  return drivers.flatMap((driver) => Object.values(driver.types)).flatMap((type) => (type.wraps !== undefined ? Object.entries(type.members) : []));
}
