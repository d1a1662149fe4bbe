import type { Driver } from '../drivers/driver.ts';

/** A pattern for the texts that name a module of one of the libraries, as a string: asked before anything of a file is walked. */
export function modulePattern(drivers: readonly Driver[]): RegExp {
  return new RegExp(`['"\`](?:npm:/?)?(?:${drivers.flatMap((driver) => driver.modules).map(specifiersOf).join('|')})(?:\\.js)?['"\`]`);
}

/** Which of some libraries a text names: one look at the text for all of them, and each specifier that is found is told apart once. */
export class ModuleNames {
  private readonly drivers: readonly { readonly driver: Driver; readonly pattern: RegExp }[];
  private readonly pattern: RegExp;
  private readonly bySpecifier = new Map<string, readonly Driver[]>();

  constructor(drivers: readonly Driver[]) {
    this.drivers = drivers.map((driver) => ({ driver, pattern: modulePattern([driver]) }));
    this.pattern = new RegExp(modulePattern(drivers), 'g');
  }

  /** The libraries of which `text` names a module. */
  namedIn(text: string): ReadonlySet<Driver> {
    let found: Set<Driver> | undefined;
    for (const [specifier] of text.matchAll(this.pattern)) {
      found ??= new Set();
      for (const driver of this.driversOf(specifier)) found.add(driver);
    }
    return found ?? NONE;
  }

  private driversOf(specifier: string): readonly Driver[] {
    let drivers = this.bySpecifier.get(specifier);
    if (drivers === undefined) {
      drivers = this.drivers.filter(({ pattern }) => pattern.test(specifier)).map(({ driver }) => driver);
      this.bySpecifier.set(specifier, drivers);
    }
    return drivers;
  }
}

const NONE: ReadonlySet<Driver> = new Set();

/** A pattern for what names the module `mysql2/promise`: a version may follow the package. */
function specifiersOf(module: string): string {
  const [, name = module, path = ''] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(module) ?? [];
  return `${escapeRegExp(name)}(?:@[^'"\`/]*)?${escapeRegExp(path)}`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
