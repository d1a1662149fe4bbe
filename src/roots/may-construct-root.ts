import { modulePattern } from '../analysis/module-pattern.ts';
import type { Driver } from '../drivers/driver.ts';

const patterns = new WeakMap<readonly Driver[], RegExp>();

/** Whether the text of a file names a module that makes roots: a cheap question that most files answer with no, before anything is walked. */
export function mayConstructRoot(text: string, drivers: readonly Driver[]): boolean {
  let pattern = patterns.get(drivers);
  if (pattern === undefined) {
    pattern = modulePattern(drivers.filter(({ types }) => Object.values(types).some(({ root }) => root !== undefined)));
    patterns.set(drivers, pattern);
  }
  return pattern.test(text);
}
