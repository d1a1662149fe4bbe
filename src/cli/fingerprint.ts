/** Identities of findings that stay the same when lines above them change. */
import { createHash } from 'node:crypto';
import type { LocatedFinding } from './located-finding.ts';
import { relativeFile } from './relative-file.ts';

/**
 * One identity (40 hexadecimal digits) for each finding: made of rule, file and message without its line numbers, and a count where several are alike. Moving code
 * up or down in a file does not change it; renaming the file, the variable or the call does.
 */
export function fingerprintsOf(findings: readonly LocatedFinding[], cwd: string): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, file, message }) => {
    const key = [rule, relativeFile(file, cwd), message.replaceAll(/\b(line|lines) \d+/g, '$1')].join('\n');
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return createHash('sha1').update(`${key}\n${String(count)}`).digest('hex');
  });
}
