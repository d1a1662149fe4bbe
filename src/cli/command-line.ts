/** The options of the command, read from its arguments. */
import { parseArgs } from 'node:util';
import plugin from '../../rules/index.ts';
import { FORMATS } from './format.ts';

export interface CommandLine {
  /** `scan` prints findings; `fix` applies what the rules offer; `init` writes functions that lend connections. */
  readonly command: 'scan' | 'fix' | 'init';
  readonly paths: readonly string[];
  readonly format: string;
  readonly fix: boolean;
  readonly explain: boolean;
  readonly code: 'services' | 'all';
  readonly help: boolean;
  readonly version: boolean;
  readonly suggestions: boolean;
  readonly dryRun: boolean;
  /** Names with the prefix; empty: all. */
  readonly rules: readonly string[];
}

/** An argument that means nothing. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const USAGE = `connection-leaks [options] [paths]
connection-leaks fix [--suggestions] [--rule NAME] [--dry-run] [paths]
connection-leaks init [--dry-run] [module]

Finds database connections that are taken and not given back, in the files below the paths (default: the current folder),
with the recommended rules of eslint-plugin-connection-leaks and no other configuration.

  --format NAME   ${Object.keys(FORMATS).join(' | ')} (default: pretty)
  --all-code      judge tests, scripts, migrations and seeds as well
  --explain       print every acquisition with its verdict, or why nothing is said about it
  --fix           write the fixes that are proved to be safe to the files
  --help          print this
  --version       print the version

The command fix writes the fixes to the files, and prints what is left.

  --suggestions   apply the first suggestion of each finding as well: read what it changed
  --rule NAME     only findings of this rule; may be given several times
  --dry-run       write nothing, print the changes as a diff

The command init writes a function that lends a connection (\`withClient(pool, callback)\`) into a module, for each library in package.json
that has such connections, and names it in eslint.config.* where that is plain, so that fixes use it.

  module          the file (default: src/with-connection); it is made, or added to
  --dry-run       write nothing, print the changes as a diff

Exit code: 0 without findings, 1 with findings, 2 when something could not be read or the arguments are wrong.`;

/** The options that a command does not have. */
const NOT_OF = {
  scan: ['suggestions', 'dry-run', 'rule'],
  fix: ['format', 'explain', 'fix'],
  init: ['format', 'explain', 'fix', 'suggestions', 'rule', 'all-code'],
} as const;

/** Reads the arguments; throws a `UsageError` that names the wrong one. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const { format = 'pretty' } = values;
  if (!Object.hasOwn(FORMATS, format)) throw new UsageError(`--format takes one of ${Object.keys(FORMATS).join(', ')}, not "${format}".`);
  const command = positionals[0] === 'fix' || positionals[0] === 'init' ? positionals[0] : 'scan';
  const paths = command === 'scan' ? positionals : positionals.slice(1);
  for (const name of NOT_OF[command]) if (values[name] !== undefined) throw new UsageError(`--${name} is no option of ${command === 'scan' ? 'a scan' : `the command ${command}`}.`);
  if (command === 'init' && paths.length > 1) throw new UsageError('The command init takes one module.');
  return {
    command,
    paths: paths.length > 0 || command === 'init' ? paths : ['.'],
    suggestions: values.suggestions === true,
    dryRun: values['dry-run'] === true,
    rules: (values.rule ?? []).map(ruleOf),
    format,
    fix: values.fix === true,
    explain: values.explain === true,
    code: values['all-code'] === true ? 'all' : 'services',
    help: values.help === true,
    version: values.version === true,
  };
}

/** The name of a rule with the prefix of the plugin. */
function ruleOf(name: string): string {
  const rule = name.replace(/^connection-leaks\//, '');
  if (!Object.hasOwn(plugin.rules, rule)) throw new UsageError(`--rule takes one of ${Object.keys(plugin.rules).join(', ')}, not "${name}".`);
  return `connection-leaks/${rule}`;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        fix: { type: 'boolean' },
        explain: { type: 'boolean' },
        'all-code': { type: 'boolean' },
        suggestions: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        rule: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
