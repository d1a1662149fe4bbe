import type { Driver } from '../drivers/driver.ts';

/** A pattern for the texts that name a module of one of the libraries, as a string: asked before anything of a file is walked. */
export function modulePattern(drivers: readonly Driver[]): RegExp {
  return new RegExp(`['"\`](?:npm:/?)?(?:${drivers.flatMap((driver) => driver.modules).map(specifiersOf).join('|')})(?:\\.js)?['"\`]`);
}

/** A pattern for what names the module `mysql2/promise`: a version may follow the package. */
function specifiersOf(module: string): string {
  const [, name = module, path = ''] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(module) ?? [];
  return `${escapeRegExp(name)}(?:@[^'"\`/]*)?${escapeRegExp(path)}`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
