/** What is made of the findings: text for people, or data for other programs. */
import { formatGithub } from './format-github.ts';
import { formatGitlab } from './format-gitlab.ts';
import { formatHtml } from './format-html.ts';
import { formatJson } from './format-json.ts';
import { formatPretty } from './format-pretty.ts';
import { formatSarif } from './format-sarif.ts';
import type { Report } from './report.ts';

export const FORMATS: Readonly<Record<string, (report: Report) => string>> = {
  pretty: formatPretty,
  json: formatJson,
  sarif: formatSarif,
  html: formatHtml,
  github: formatGithub,
  gitlab: formatGitlab,
};
