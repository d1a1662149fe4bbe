/** Folders whose code runs by hand, once, or in a test: a connection that is lost there is lost with the process. */
const FOLDERS = new Set([
  'test', 'tests', '__tests__', 'spec', 'specs', '__specs__', 'e2e', 'mock', 'mocks', '__mocks__',
  'script', 'scripts', 'bin', 'migration', 'migrations', 'seed', 'seeds', 'seeders',
]);

/** `orders.test.ts`, `orders.spec.js`, `orders.e2e-spec.ts`, `orders.mock.ts`. */
const TEST_FILE = /[._-](?:test|tests|spec|mock|mocks)\.[cm]?[jt]sx?$/;

/** `prisma/seed.ts`. */
const SEED_FILE = /(?:^|\/)prisma\/seed\.[cm]?[jt]s$/;

/**
 * Whether the file is a test, a mock, a script, a migration or a seed, by where it lies below `root` (the folder that ESLint runs in; folders
 * above it say nothing). Both are paths of the file system, with either kind of slash.
 */
export function isOneOffFile(file: string, root: string): boolean {
  const path = file.replaceAll('\\', '/');
  const base = `${root.replaceAll('\\', '/').replace(/\/$/, '')}/`;
  const inside = path.startsWith(base) ? path.slice(base.length) : path.replace(/^(?:[a-z]:)?\/.*\//i, '');
  if (TEST_FILE.test(inside) || SEED_FILE.test(inside)) return true;
  return inside.split('/').slice(0, -1).some((folder) => FOLDERS.has(folder));
}
