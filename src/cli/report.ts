import type { Scan } from './scan-project.ts';

/** What a format is given: a scan, and where it was made. */
export interface Report extends Pick<Scan, 'findings' | 'unread' | 'files'> {
  /** What the paths in the output are relative to. */
  readonly cwd: string;
  /** The lines of a file of a finding. */
  readonly linesOf: (file: string) => readonly string[];
}
