import { fingerprintsOf } from './fingerprint.ts';
import { relativeFile } from './relative-file.ts';
import type { Report } from './report.ts';

/** The code quality report of GitLab (documentation of GitLab, "Code Quality report format"). */
export function formatGitlab({ findings, cwd }: Report): string {
  const fingerprints = fingerprintsOf(findings, cwd);
  const issues = findings.map(({ file, rule, severity, message, line, endLine }, index) => ({
    description: message,
    check_name: rule,
    fingerprint: fingerprints[index],
    severity: severity === 'error' ? 'major' : 'minor',
    location: { path: relativeFile(file, cwd), lines: { begin: line, end: endLine } },
  }));
  return JSON.stringify(issues, null, 2);
}
