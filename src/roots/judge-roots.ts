/** Which roots of a file are made again and again: the outcome of each (is it closed, kept, handed on?), and how often the code that makes it runs. */
import { analyseProgramModel, type SiteOutcome } from '../analysis/analyse-program.ts';
import type { AcquisitionKind } from '../analysis/acquisition-calls.ts';
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Node } from '../syntax/estree.ts';
import { isEdgeRuntime } from './is-edge-runtime.ts';
import { isMemoised } from './memo-guard.ts';
import { ROOTS } from './root-kind.ts';
import { runFrequencyOf, type RunFrequency } from './run-frequency.ts';

/** Why a root that is made is right, or not spoken about. */
export type RootSilence = 'made once' | 'not known how often' | 'memoised' | 'edge runtime' | 'closed' | 'kept' | 'out of sight';

/** What one place that makes a root, or gets one from a function of the file that makes it, came to. */
export interface RootVerdict {
  readonly outcome: SiteOutcome;
  readonly frequency: RunFrequency;
  /** How the code would close it: of what is made of it where it is made (`new Kysely({ … new Pool() … })`), else of the root itself; `$` stands for its name. */
  readonly close: string;
  /** Undefined: it is made per call and lost. */
  readonly silence: RootSilence | undefined;
}

/** The verdict on every root that the file makes, in source order. `kind` says what is looked for. */
export function judgeRoots(model: ProgramModel, kind: AcquisitionKind = ROOTS): RootVerdict[] {
  const outcomes = analyseProgramModel(model, kind);
  return outcomes.map((outcome) => {
    const frequency = runFrequencyOf(model, outcome.node);
    return { outcome, frequency, close: closeOf(model, outcome), silence: silenceOf(model, outcome, frequency) };
  });
}

function closeOf(model: ProgramModel, { node, site }: SiteOutcome): string {
  let close = site?.acquisition.type.root?.close ?? '';
  for (let at = node.parent; at && !/Statement$|Declarator$/.test(at.type); at = at.parent) {
    if (at.type !== 'NewExpression' && at.type !== 'CallExpression') continue;
    const made = model.bindings.constructionOf(at);
    close = made?.driver.types[made.type]?.wraps?.close ?? close;
  }
  return close;
}

function silenceOf(model: ProgramModel, outcome: SiteOutcome, frequency: RunFrequency): RootSilence | undefined {
  const { often } = frequency;
  if (often !== 'many') return often === 'once' ? 'made once' : 'not known how often';
  if (outcome.site?.acquisition.type.root?.listens === true && !outcome.released && mayListen(model, outcome.node, frequency)) return 'not known how often';
  if (outcome.settlements.some((settlement) => settlement.kind === 'unknown')) return 'out of sight';
  if (outcome.settlements.length > 0) return 'kept';
  if (!outcome.owed.some(({ arrival }) => arrival.state.exact)) return outcome.owed.length > 0 ? 'out of sight' : 'closed';
  if (isMemoised(model, outcome.node)) return 'memoised';
  return isEdgeRuntime(model) ? 'edge runtime' : undefined;
}

/** Whether the code may run once, to listen from then on: others can call it, or it has itself called again when what it made is lost. */
function mayListen(model: ProgramModel, node: Node, { why, shownBy }: Extract<RunFrequency, { often: 'many' }>): boolean {
  if (why === 'exported' || why === 'method') return true;
  const unit = model.file.unitOf(node);
  return why === 'registered' && unit.range[0] <= shownBy.range[0] && shownBy.range[1] <= unit.range[1];
}
