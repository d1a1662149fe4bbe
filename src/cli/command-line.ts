/** The options of the command, read from its arguments. */
import { parseArgs } from 'node:util';
import { FORMATS } from './format.ts';

export interface CommandLine {
  readonly paths: readonly string[];
  readonly format: string;
  readonly fix: boolean;
  readonly explain: boolean;
  readonly code: 'services' | 'all';
  readonly help: boolean;
  readonly version: boolean;
}

/** An argument that means nothing. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const USAGE = `connection-leaks [options] [paths]

Finds database connections that are taken and not given back, in the files below the paths (default: the current folder),
with the recommended rules of eslint-plugin-connection-leaks and no other configuration.

  --format NAME   ${Object.keys(FORMATS).join(' | ')} (default: pretty)
  --all-code      judge tests, scripts, migrations and seeds as well
  --explain       print every acquisition with its verdict, or why nothing is said about it
  --fix           write the fixes that are proved to be safe to the files
  --help          print this
  --version       print the version

Exit code: 0 without findings, 1 with findings, 2 when something could not be read or the arguments are wrong.`;

/** Reads the arguments; throws a `UsageError` that names the wrong one. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const { format = 'pretty' } = values;
  if (!Object.hasOwn(FORMATS, format)) throw new UsageError(`--format takes one of ${Object.keys(FORMATS).join(', ')}, not "${format}".`);
  return {
    paths: positionals.length > 0 ? positionals : ['.'],
    format,
    fix: values.fix === true,
    explain: values.explain === true,
    code: values['all-code'] === true ? 'all' : 'services',
    help: values.help === true,
    version: values.version === true,
  };
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
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
