import { formatGithub } from '../format-github.ts';
import { reportOf, type FormatterContext } from '../report-of-results.ts';
import type { LintResult } from '../load-tools.ts';

/** The formatter of ESLint for this format: `eslint -f ./node_modules/eslint-plugin-connection-leaks/dist/formatters/github.js`. */
export default async function format(results: readonly LintResult[], context: FormatterContext): Promise<string> {
  return formatGithub(await reportOf(results, context));
}
