/** What the plugin promises to work with: one entry for each kind of project that is installed and linted. */

export interface Combination {
  readonly name: string;
  /** What is installed beside the plugin, as npm is told. */
  readonly packages: readonly string[];
  readonly linter: 'eslint' | 'oxlint';
  /** The configuration of ESLint: `eslintrc` is the one that only ESLint 8 has. */
  readonly config: 'flat' | 'eslintrc';
  /** False: without a TypeScript parser, on the JavaScript files only. */
  readonly typescript: boolean;
  readonly installer: Installer;
  /** False: `using` is a syntax error (TypeScript before 5.2, ESLint's own parser before 9), so files with it are left out. */
  readonly readsUsing: boolean;
}

/** Who installs: their layouts of node_modules differ. `yarn-pnp` has none. */
export type Installer = 'npm' | 'pnpm' | 'yarn' | 'yarn-pnp';

const ESLINT = { '8.57': 'eslint@~8.57.1', 9: 'eslint@^9.39.0', 10: 'eslint@^10.0.0' } as const;
const TYPESCRIPT = { '5.0': 'typescript@~5.0.4', 5.9: 'typescript@~5.9.3', '6.0': 'typescript@~6.0.0' } as const;
/** Reads every TypeScript from 4.8.4 to 6.0, and goes with ESLint 8.57, 9 and 10. */
const PARSER = '@typescript-eslint/parser@^8.73.0';

const common = { linter: 'eslint', config: 'flat', typescript: true, installer: 'npm', readsUsing: true } as const;

/** All combinations, those first that are the furthest from the ones that the project is developed with. */
export const COMBINATIONS: readonly Combination[] = [
  // The last parser line for TypeScript before 5.6, as it stands in projects that ESLint 8 stands in.
  { ...common, name: 'oldest', packages: [ESLINT['8.57'], TYPESCRIPT['5.0'], '@typescript-eslint/parser@^7.18.0'], readsUsing: false },
  { ...common, name: 'eslintrc', packages: [ESLINT['8.57'], TYPESCRIPT['5.0'], PARSER], config: 'eslintrc', readsUsing: false },
  { ...common, name: 'oxlint', packages: ['oxlint@1.94.0', TYPESCRIPT['6.0'], PARSER], linter: 'oxlint' },
  ...Object.entries(ESLINT).flatMap(([eslint, eslintPackage]) =>
    Object.entries(TYPESCRIPT).map(([typescript, typescriptPackage]) => ({ ...common, name: `eslint-${eslint}-typescript-${typescript}`, packages: [eslintPackage, typescriptPackage, PARSER], readsUsing: typescript !== '5.0' }))),
  ...Object.entries(ESLINT).map(([eslint, eslintPackage]) => ({ ...common, name: `eslint-${eslint}-javascript`, packages: [eslintPackage], typescript: false, readsUsing: eslint !== '8.57' })),
  ...(['pnpm', 'yarn', 'yarn-pnp'] as const).map((installer) => ({ ...common, name: installer, packages: [ESLINT[10], TYPESCRIPT['6.0'], PARSER], installer })),
];
