/** The driver tables of the settings: checked by their shape, and put in front of those that the plugin has. */
import type { Driver, ExportRow, TypeRow } from '../drivers/driver.ts';
import { DRIVERS } from '../drivers/drivers.ts';
import { DRIVER_SHAPE, type ObjectShape, type Shape } from './driver-shape.ts';

/** A driver table as a user writes it. */
export type DriverSetting = Omit<Driver, 'source'> & Partial<Pick<Driver, 'source'>>;

/** Something is wrong with the entry `name`. */
export type Fail = (name: string, problem: string) => never;

const read = new Map<string, readonly Driver[]>();

/**
 * All tables, with those of the user: one for a module that the plugin knows takes the place of what it knows of that module. `value` is what stands under the key
 * `name` of the settings. The same tables give the same list, however often they are read: caches are kept by it.
 */
export function readDrivers(value: unknown, name: string, fail: Fail): readonly Driver[] {
  if (value === undefined) return DRIVERS;
  if (!Array.isArray(value)) fail(name, 'must be an array');
  for (const [index, entry] of (value as unknown[]).entries()) checkDriver(entry, `${name}[${String(index)}]`, fail);
  const key = JSON.stringify(value);
  let drivers = read.get(key);
  if (drivers === undefined) {
    drivers = withOwn((value as DriverSetting[]).map((driver) => ({ source: 'the settings', ...driver })));
    read.set(key, drivers);
  }
  return drivers;
}

function withOwn(own: readonly Driver[]): readonly Driver[] {
  const taken = new Set(own.flatMap(({ modules }) => modules));
  const others = DRIVERS.flatMap((driver) => {
    const modules = driver.modules.filter((module) => !taken.has(module));
    return modules.length === 0 ? [] : [modules.length === driver.modules.length ? driver : { ...driver, modules }];
  });
  return own.length === 0 ? DRIVERS : [...own, ...others];
}

/** Checks a table of the user: its shape, and that the types it names are there. */
export function checkDriver(value: unknown, name: string, fail: Fail): void {
  checkShape(value, DRIVER_SHAPE, name, fail);
  const driver = value as DriverSetting;
  if (driver.modules.length === 0) fail(`${name}.modules`, 'must name a module');
  const known = Object.keys(driver.types);
  const checkType = (type: string, where: string): void => {
    if (!known.includes(type)) fail(where, `names the type "${type}", which has no row in types (known: ${known.join(', ')})`);
  };
  const checkExport = (row: ExportRow, where: string): void => {
    if (row.is === 'maker') checkExport(row.of, `${where}.of`);
    else if (row.is === 'acquire') checkType(row.yields, `${where}.yields`);
    else if (row.is !== 'namespace') checkType(row.type, `${where}.type`);
  };
  for (const [key, row] of Object.entries(driver.exports)) checkExport(row, `${name}.exports.${key}`);
  if (driver.itself !== undefined) checkExport(driver.itself, `${name}.itself`);
  for (const [key, type] of Object.entries(driver.types)) {
    const where = `${name}.types.${key}`;
    for (const [method, row] of Object.entries(type.members)) {
      if (row.effect === 'acquire') checkType(row.yields, `${where}.members.${method}.yields`);
      else if (row.effect === 'returns' || row.effect === 'has') checkType(row.type, `${where}.members.${method}.type`);
    }
    for (const [key, row] of Object.entries(type.statics ?? {})) checkExport(row, `${where}.statics.${key}`);
    if (isGivenBack(type) && type.giveBack === undefined) fail(`${where}.giveBack`, 'is missing: how is it given back, in a message ("$.release()")?');
  }
}

function isGivenBack(type: TypeRow): boolean {
  return type.takenBackBy !== undefined || Object.values(type.members).some(({ effect }) => effect === 'release' || effect === 'prepares');
}

function checkShape(value: unknown, shape: Shape, name: string, fail: Fail): void {
  switch (shape.is) {
    case 'name':
      if (typeof value !== 'string' || value === '') fail(name, 'must be a text');
      return;
    case 'version':
      if (typeof value !== 'string' || !/^\d+\.\d+\.\d+$/.test(value)) fail(name, 'must be a version ("5.0.0")');
      return;
    case 'boolean':
      if (typeof value !== 'boolean') fail(name, 'must be true or false');
      return;
    case 'number':
      if (!Number.isInteger(value) || (value as number) < 0) fail(name, 'must be the index of a parameter');
      return;
    case 'one of':
      if (!shape.values.includes(value as string)) fail(name, `must be ${shape.values.length === 1 ? '' : 'one of '}${shape.values.map((one) => JSON.stringify(one)).join(', ')}`);
      return;
    case 'list':
      if (!Array.isArray(value)) fail(name, 'must be an array');
      for (const [index, entry] of (value as unknown[]).entries()) checkShape(entry, shape.of, `${name}[${String(index)}]`, fail);
      return;
    case 'record':
      for (const [key, entry] of Object.entries(recordAt(value, name, fail))) checkShape(entry, shape.of, `${name}.${key}`, fail);
      return;
    case 'object':
      checkObject(recordAt(value, name, fail), shape, name, fail);
      return;
    case 'kinds': {
      const row = recordAt(value, name, fail);
      checkShape(row[shape.by], { is: 'one of', values: Object.keys(shape.kinds) }, `${name}.${shape.by}`, fail);
      const { [shape.by]: kind, ...rest } = row;
      checkObject(rest, shape.kinds[String(kind)]!, name, fail);
      return;
    }
    case 'again':
      checkShape(value, shape.shape(), name, fail);
  }
}

function checkObject(value: Record<string, unknown>, { required, optional }: ObjectShape, name: string, fail: Fail): void {
  const known = { ...required, ...optional };
  for (const [key, entry] of Object.entries(value)) {
    const shape = Object.hasOwn(known, key) ? known[key] : undefined;
    if (shape === undefined) fail(`${name}.${key}`, `is not a known key (known: ${Object.keys(known).join(', ')})`);
    checkShape(entry, shape, `${name}.${key}`, fail);
  }
  for (const key of Object.keys(required)) if (!Object.hasOwn(value, key)) fail(`${name}.${key}`, 'is missing');
}

function recordAt(value: unknown, name: string, fail: Fail): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(name, 'must be an object');
  return value as Record<string, unknown>;
}
