/** Node's modules, asked for when they are needed: where there is no Node (a browser, a playground) the plugin loads all the same, and works on one file. */

/** The module `name` of Node, or undefined where there is no Node. */
export function builtinModule<Name extends 'node:crypto' | 'node:fs' | 'node:module'>(name: Name): ReturnType<typeof process.getBuiltinModule<Name>> | undefined {
  const node = (globalThis as { process?: Partial<Pick<typeof process, 'getBuiltinModule'>> }).process;
  return node?.getBuiltinModule?.(name);
}

/** A function that loads modules as the file `from` (a path or URL) would, or undefined where there is no Node. */
export function createRequire(from: string): NodeJS.Require | undefined {
  const node = builtinModule('node:module');
  return typeof node?.createRequire === 'function' ? node.createRequire(from) : undefined;
}
