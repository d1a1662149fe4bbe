import { formatGitlab } from '../format-gitlab.ts';
import { reportOf, type FormatterContext } from '../report-of-results.ts';
import type { LintResult } from '../load-tools.ts';

/** The formatter of ESLint for this format: `eslint -f ./node_modules/eslint-plugin-connection-leaks/dist/formatters/gitlab.js`. */
export default async function format(results: readonly LintResult[], context: FormatterContext): Promise<string> {
  return formatGitlab(await reportOf(results, context));
}
