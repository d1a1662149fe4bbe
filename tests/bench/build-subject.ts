/**
 * Builds what is measured: the plugin and the engine bundled as they are published. TypeScript runners add code of their own
 * (names of closures, for one) that would be measured with it.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'tsdown';
import type { Plugin } from '../../rules/index.ts';
import type { analyseProgram } from '../../src/index.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OUT = `${ROOT}.cache/bench`;

export interface Subject {
  readonly plugin: Plugin;
  readonly analyseProgram: typeof analyseProgram;
  /** Where the bundle of the plugin lies, and the program that lints in a process of its own. */
  readonly pluginPath: string;
  readonly childPath: string;
  /** The program that lints a directory in a process of its own. */
  readonly repositoryChildPath: string;
}

/** Bundles the working tree into `.cache/bench` and loads it. */
export async function buildSubject(): Promise<Subject> {
  await build({
    config: false,
    cwd: ROOT,
    entry: { plugin: 'rules/index.ts', engine: 'src/index.ts', child: 'tests/bench/lint-in-child.ts', 'repository-child': 'tests/bench/lint-repository-in-child.ts' },
    external: [/^@typescript-eslint\//, 'eslint'],
    outDir: OUT,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    dts: false,
    logLevel: 'error',
    outExtensions: () => ({ js: '.js' }),
  });
  const [plugin, engine] = await Promise.all([load(`${OUT}/plugin.js`), load(`${OUT}/engine.js`)]);
  return {
    plugin: plugin['default'] as Plugin,
    analyseProgram: engine['analyseProgram'] as typeof analyseProgram,
    pluginPath: pathToFileURL(`${OUT}/plugin.js`).href,
    childPath: `${OUT}/child.js`,
    repositoryChildPath: `${OUT}/repository-child.js`,
  };
}

async function load(path: string): Promise<Record<string, unknown>> {
  return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
}
