import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A library of tests/live/package.json. The plugin itself knows nothing of them: there are no types for them here. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export async function load(name: string): Promise<any> {
  let path: string;
  try {
    path = require.resolve(name);
  } catch {
    // A package that is there for `import` alone.
    path = name;
  }
  const module = (await import(path)) as { default?: object };
  return { ...module.default, ...module, default: module.default };
}
