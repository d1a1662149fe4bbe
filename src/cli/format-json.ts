import { fingerprintsOf } from './fingerprint.ts';
import { relativeFile } from './relative-file.ts';
import type { Report } from './report.ts';

/** The findings as JSON: places count from 1, paths are relative to the folder of the command, and no source text is in it. */
export function formatJson({ findings, unread, files, cwd }: Report): string {
  const fingerprints = fingerprintsOf(findings, cwd);
  return JSON.stringify(
    {
      files,
      findings: findings.map((finding, index) => ({ ...finding, file: relativeFile(finding.file, cwd), fingerprint: fingerprints[index] })),
      unread: unread.map(({ file, message }) => ({ file: relativeFile(file, cwd), message })),
    },
    null,
    2,
  );
}
