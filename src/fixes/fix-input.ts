import type { SiteOutcome } from '../analysis/analyse-program.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Site } from '../domain/obligation.ts';
import type { Finding, SiteVerdict } from '../findings/finding.ts';
import type { ClientProblem } from '../prisma/find-client-problems.ts';
import type { FixStyle } from './fix-style.ts';
import type { Project } from '../project/project.ts';

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
  /** The project of the file, where that is known. */
  readonly project?: Project | undefined;
  /** What the analysis would say of the file with another text; absent, or undefined, where nothing can parse it. */
  readonly reanalyse?: ((text: string) => Reanalysis | undefined) | undefined;
}

/** What the analysis says of a file: what is wrong, and the verdict on each acquisition. */
export interface Reanalysis {
  readonly findings: readonly Finding[];
  readonly sites: readonly SiteVerdict[];
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
  /** Which forms are wanted, and in which order; absent: all but those that have to be asked for. */
  readonly style?: readonly FixStyle[] | undefined;
}

/** What an edit about a PrismaClient is planned from. */
export interface ClientFixInput {
  readonly problem: ClientProblem;
  readonly model: ProgramModel;
  /** The project of the file, where it does not stand alone. */
  readonly project: Project | undefined;
}

/** What an edit about a pool, or another root, is planned from: the outcome of the call that makes it. */
export interface RootFixInput {
  readonly outcome: SiteOutcome;
  readonly model: ProgramModel;
}
