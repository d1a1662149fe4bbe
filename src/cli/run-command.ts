/** The command `connection-leaks`, apart from the process that it runs in. */
import { version } from '../../package.json';
import { readCommandLine, USAGE, UsageError } from './command-line.ts';
import { explainSites } from './explain-sites.ts';
import { fixProject, type FixOutcome } from './fix-project.ts';
import { InitError, initProject } from './init-project.ts';
import { FORMATS } from './format.ts';
import { MissingToolError, NPX_LINE } from './load-tools.ts';
import { relativeFile } from './relative-file.ts';
import { linesOf, scanProject, type Scan } from './scan-project.ts';

/** Where the command writes, and where it runs. */
export interface Surroundings {
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Shows how far the scan is; absent where nobody watches. */
  readonly progress?: ((files: number) => void) | undefined;
}

/** Runs the command with `args`; gives its exit code: 0 without findings, 1 with, 2 when something is wrong. */
export async function runCommand(args: readonly string[], { cwd, out, err, progress }: Surroundings): Promise<0 | 1 | 2> {
  try {
    const command = readCommandLine(args);
    if (command.help || command.version) {
      out(command.help ? USAGE : version);
      return 0;
    }
    if (command.command === 'fix') {
      const { text, exitCode } = reportFixes(await fixProject({ cwd, ...command }), command.dryRun, cwd);
      out(text);
      return exitCode;
    }
    if (command.command === 'init') {
      out(initProject({ cwd, module: command.paths[0], dryRun: command.dryRun }));
      return 0;
    }
    const scan = await scanProject({ cwd, ...command, ...(progress && { onProgress: progress }) });
    out(command.explain ? explainSites(scan.sites, cwd) : FORMATS[command.format]!({ ...scan, cwd, linesOf }));
    if (scan.skipsTypeScript) err(`TypeScript files were not read: @typescript-eslint/parser and typescript are not installed here. This line reads them:\n  ${NPX_LINE} ${command.paths.join(' ')}`);
    return exitCodeOf(scan);
  } catch (error) {
    if (error instanceof UsageError) err(`${error.message}\n\n${USAGE}`);
    else if (error instanceof MissingToolError || error instanceof InitError || isUnmatchedPattern(error)) err((error as Error).message);
    else throw error;
    return 2;
  }
}

function reportFixes({ files, left }: FixOutcome, dryRun: boolean, cwd: string): { text: string; exitCode: 0 | 1 } {
  const changed = files.map(({ file, edits, diff }) => (dryRun ? diff : `${relativeFile(file, cwd)}: ${String(edits)} ${edits === 1 ? 'edit' : 'edits'}`));
  const summary = `${dryRun ? 'Would change' : 'Changed'} ${String(files.length)} ${files.length === 1 ? 'file' : 'files'}; ${String(left)} ${left === 1 ? 'finding is' : 'findings are'} left.`;
  return { text: [...changed, summary].join('\n'), exitCode: left > 0 ? 1 : 0 };
}

function exitCodeOf({ findings, unread, skipsTypeScript }: Scan): 0 | 1 | 2 {
  if (unread.length > 0 || skipsTypeScript) return 2;
  return findings.length > 0 ? 1 : 0;
}

/** What ESLint throws where a path names no file that can be linted. */
function isUnmatchedPattern(error: unknown): boolean {
  const template = (error as { messageTemplate?: unknown } | null)?.messageTemplate;
  return error instanceof Error && (template === 'file-not-found' || template === 'all-files-ignored' || /^(?:No files matching|All files matched by)/.test(error.message));
}
