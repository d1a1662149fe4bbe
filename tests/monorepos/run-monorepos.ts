/**
 * Installs the packed plugin with Turborepo and with Nx into a workspace of three packages, with the configurations of docs/monorepos.md, and changes a helper in one of
 * them: the packages that import it are judged anew, and nothing else comes from the cache that should not. The same without the configuration shows that the change is
 * missed then, so that the check is one.
 *
 *     npm run test:monorepos [-- --only turborepo]
 *
 * Needs git and the npm registry. Exit code 1 where something is not as the page says.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readCodeBlocks } from '../docs/read-code-blocks.ts';
import { packPlugin } from '../matrix/pack-plugin.ts';
import { KEEPS, MENDED_FILES, RELEASES, WORKSPACE_FILES } from './workspace-files.ts';

const HELPER = 'packages/db/src/give-back.ts';
/** What imports the helper, one directly and one by way of `orders` too. */
const DEPENDENT_FILES = ['count-orders.ts', 'packages/api'];

interface Runner {
  readonly name: string;
  readonly packages: readonly string[];
  readonly file: string;
  readonly withoutConfiguration: object;
  readonly command: readonly string[];
  /** How many tasks came from the cache. */
  readonly cached: (output: string) => number;
}

const RUNNERS: readonly Runner[] = [
  {
    name: 'Turborepo',
    packages: ['turbo@^2'],
    file: 'turbo.json',
    withoutConfiguration: { tasks: { lint: {} } },
    command: ['node_modules/.bin/turbo', 'run', 'lint', '--continue'],
    cached: (output) => Number(/(\d+) cached/.exec(output)?.[1] ?? -1),
  },
  {
    name: 'Nx',
    packages: ['nx@^22'],
    file: 'nx.json',
    withoutConfiguration: { targetDefaults: { lint: { cache: true, inputs: ['default'] } } },
    command: ['node_modules/.bin/nx', 'run-many', '-t', 'lint', '--nxBail=false', '--output-style=static'],
    // Without a word about the cache nothing came from it.
    cached: (output) => Number(/existing outputs match the cache|local cache/.test(output) ? (/read the output from the cache instead of running the command for (\d+) out of/.exec(output)?.[1] ?? 0) : 0),
  },
];

const page = readFileSync(resolve(import.meta.dirname, '../../docs/monorepos.md'), 'utf8');
const { values: { only } } = parseArgs({ options: { only: { type: 'string' } } });
const tarball = packPlugin();
let failed = 0;
for (const runner of RUNNERS.filter(({ name }) => only === undefined || name.toLowerCase() === only)) {
  const started = Date.now();
  try {
    checkRunner(runner);
    console.log(`works  ${runner.name}, ${((Date.now() - started) / 1000).toFixed(0)} s`);
  } catch (error) {
    failed++;
    console.log(`FAILS  ${runner.name}: ${(error as Error).message.replaceAll('\n', '\n  ')}`);
  }
}
if (failed > 0) process.exitCode = 1;

function checkRunner({ name, packages, file, withoutConfiguration, command, cached }: Runner): void {
  const configuration = readCodeBlocks(page).find(({ headings }) => headings[0] === name)?.code;
  if (configuration === undefined) throw new Error('docs/monorepos.md shows no configuration');
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'connection-leaks-monorepo-')));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NX_DAEMON: 'false', DO_NOT_TRACK: '1', CI: 'true' };
  const run = (): { isGreen: boolean; output: string; cached: number } => {
    const { status, stdout, stderr } = spawnSync(command[0]!, command.slice(1), { cwd: folder, encoding: 'utf8', env });
    const output = stdout + stderr;
    return { isGreen: status === 0, output, cached: cached(output) };
  };
  const expect = (what: string, is: boolean, { output }: { output: string }): void => {
    if (!is) throw new Error(`${what}, says the page. It is not so:\n${output}`);
  };
  try {
    for (const [path, text] of Object.entries({ ...WORKSPACE_FILES, ...MENDED_FILES, [file]: configuration })) write(path, text);
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--save-dev', ...packages, 'eslint@^10.0.0', 'typescript@~6.0.0', '@typescript-eslint/parser@^8.73.0', tarball], { cwd: folder, stdio: 'pipe' });
    execFileSync('git', ['init', '--quiet'], { cwd: folder });

    const first = run();
    expect('nothing leaks', first.isGreen, first);
    const again = run();
    expect('what did not change comes from the cache', again.isGreen && again.cached === 3, again);

    write(HELPER, KEEPS);
    const changed = run();
    expect('a change in one package fails those that import it', !changed.isGreen && DEPENDENT_FILES.every((one) => changed.output.includes(one)), changed);
    write(HELPER, RELEASES);
    const back = run();
    expect('what was judged already comes from the cache', back.isGreen && back.cached === 3, back);

    write('eslint.config.mjs', `${WORKSPACE_FILES['eslint.config.mjs']!}// Another one.\n`);
    const configured = run();
    expect('another configuration means new judgements', configured.isGreen && configured.cached === 0, configured);

    write('packages/api/src/unused.ts', 'export const unused = 1;\n');
    const own = run();
    expect('a change in a package that nobody imports is its own affair', own.isGreen && own.cached === 2, own);

    write(file, JSON.stringify(withoutConfiguration));
    const without = run();
    expect('nothing leaks without the configuration', without.isGreen, without);
    write(HELPER, KEEPS);
    const missed = run();
    expect('the change is missed without the configuration', missed.isGreen, missed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
