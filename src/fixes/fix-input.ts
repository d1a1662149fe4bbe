import type { SiteOutcome } from '../analysis/analyse-program.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Site } from '../domain/obligation.ts';
import type { Finding } from '../findings/finding.ts';

/** What a fix is planned from: a finding, what the analysis knows of its acquisition, and the file. */
export interface FixInput {
  readonly finding: Finding;
  readonly outcome: SiteOutcome;
  readonly site: Site;
  /** Of all acquisitions of the file. */
  readonly outcomes: readonly SiteOutcome[];
  readonly model: ProgramModel;
}
