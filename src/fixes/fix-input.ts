import type { SiteOutcome } from '../analysis/analyse-program.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Site } from '../domain/obligation.ts';
import type { Finding } from '../findings/finding.ts';

/** What an edit is planned from: what the analysis knows of an acquisition, and the file. */
export interface AcquisitionInput {
  /** Absent where nothing is wrong with it. */
  readonly finding?: Finding;
  readonly outcome: SiteOutcome;
  readonly site: Site;
  /** Of all acquisitions of the file. */
  readonly outcomes: readonly SiteOutcome[];
  readonly model: ProgramModel;
  /** Functions that lend a connection, as settings name them. */
  readonly scoped?: readonly ScopedFunction[] | undefined;
}

/** A function that takes a connection, hands it to a callback and releases it, where the settings say that there is one. */
export interface ScopedFunction {
  readonly name: string;
  /** The file that exports it. */
  readonly path: string;
}

/** What a fix is planned from: a finding as well. */
export interface FixInput extends AcquisitionInput {
  readonly finding: Finding;
}
