/** What ESLint gives to a formatter → a report with the way to each finding, which lint messages have no room for. */
import type { LintResult } from './load-tools.ts';
import type { Report } from './report.ts';
import { analyseAgain, isOurs, linesOf, unreadOf } from './scan-project.ts';

/** The second argument of a formatter. */
export interface FormatterContext {
  readonly cwd?: string;
}

/**
 * The messages of all rules among `results`, and the files that could not be read. The files with findings of this plugin are analysed again, without
 * the settings of the lint: what only those settings reveal comes without its way.
 */
export async function reportOf(results: readonly LintResult[], { cwd = process.cwd() }: FormatterContext): Promise<Report> {
  const withFindings = results.filter(({ messages }) => messages.some(isOurs));
  const collector = await analyseAgain(cwd, withFindings.map(({ filePath }) => filePath));
  return {
    cwd,
    linesOf,
    files: results.length,
    findings: results.flatMap(({ filePath, messages }) => messages.filter(({ ruleId }) => ruleId !== null).map((message) => collector.locate(filePath, message))),
    unread: unreadOf(results),
  };
}
