import { DRIVERS } from '../drivers/drivers.ts';
import { lendableOf, lenderName, type Lendable } from '../fixes/lendable.ts';

/** A library of the package, and the function that lends a connection of it. */
export interface LendablePackage {
  readonly lendable: Lendable & { readonly types: NonNullable<Lendable['types']> };
  /** What its types are imported from. */
  readonly module: string;
  /** The name of the function; no two are the same. */
  readonly name: string;
}

/** The packages that functions can be written for, by name. */
export const LENDABLE_PACKAGES: readonly string[] = [...new Set(all().map(({ module }) => packageOf(module)))];

/** What can be lent of the packages that a package.json names. */
export function lendablePackages(manifest: Readonly<Record<string, unknown>>): readonly LendablePackage[] {
  const declared = new Set(['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].flatMap((key) => Object.keys((manifest[key] ?? {}))));
  const found: LendablePackage[] = [];
  for (const { lendable, module } of all()) {
    if (!declared.has(packageOf(module))) continue;
    const wanted = lenderName(lendable.noun);
    const own = packageOf(module).replace(/^@/, '').split(/[/-]/)[0]!;
    const name = found.some((other) => other.name === wanted) ? wanted.replace('with', `with${own[0]!.toUpperCase()}${own.slice(1)}`) : wanted;
    found.push({ lendable, module, name });
  }
  return found;
}

function all(): readonly Omit<LendablePackage, 'name'>[] {
  return DRIVERS.flatMap((driver) => {
    const [module] = driver.modules;
    const [lendable] = Object.keys(driver.types).flatMap((type) => lendableOf(driver, type) ?? []);
    // What Deno and Bun bring is in no package.json.
    return module === undefined || lendable?.types === undefined || /^(?:bun|@db\/)/.test(module) ? [] : [{ lendable: { ...lendable, types: lendable.types }, module }];
  });
}

function packageOf(module: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(module)![0];
}
