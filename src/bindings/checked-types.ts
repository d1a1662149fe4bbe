/** Type information: what a checker, where the parser offers one, says of an expression of which nothing else is known. */
import type { Driver } from '../drivers/driver.ts';
import type { Node } from '../syntax/estree.ts';
import { driverInstance, type DriverInstance } from './entity.ts';
import { ownRow } from './own-row.ts';

/** A place where a type is declared. */
export interface TypeDeclaration {
  /** The name it is declared by. */
  readonly name: string;
  /** The path of the file. */
  readonly file: string;
}

/** What a type checker knows of the nodes of one file; the adapter to a linter makes it of the parser's services. */
export interface TypeSource {
  /** Where the type of an expression, the parts of a union and the types it extends are declared. */
  declarationsOf(expression: Node): readonly TypeDeclaration[];
}

/** The object of a library that an expression is, by the package that declares its type. `drivers`: the tables, by module. */
export function checkedInstance(types: TypeSource, drivers: ReadonlyMap<string, Driver>, expression: Node): DriverInstance | undefined {
  for (const { name, file } of types.declarationsOf(expression)) {
    const driver = driverOfFile(drivers, file);
    const row = driver && ownRow(driver.exports, name);
    if (row?.is === 'class' || row?.is === 'type') return driverInstance({ driver: driver!, type: row.type, path: `${driver!.library} › ${name}` }, 'type');
  }
  return undefined;
}

/** The tables of the module that a file of an installed package declares: `node_modules/@types/pg/index.d.ts`, `node_modules/mysql2/promise.d.ts`. */
function driverOfFile(drivers: ReadonlyMap<string, Driver>, file: string): Driver | undefined {
  const [, name, path = ''] = /.*[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)[/\\](.*)$/.exec(file) ?? [];
  if (name === undefined) return undefined;
  const [, typed = name.replace('\\', '/')] = /^@types[/\\](.*)$/.exec(name) ?? [];
  // `@types/scope__name` is of `@scope/name`.
  const owner = typed.includes('__') ? `@${typed.replace('__', '/')}` : typed;
  return drivers.get(`${owner}/${path.replace(/\.d\.[cm]?ts$/, '')}`) ?? drivers.get(owner);
}
