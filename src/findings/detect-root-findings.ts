import type { RootVerdict } from '../roots/judge-roots.ts';
import { describeRootPerCall } from './describe-root-finding.ts';
import { explainLeak } from './detect-findings.ts';
import type { RootPerCallFinding } from './finding.ts';

/** The finding for a root that is made per call and not closed on every path; none where the verdict is a silence. `text` is the source of the file. */
export function detectRootFinding({ outcome, frequency, silence }: RootVerdict, text: string): RootPerCallFinding | undefined {
  const explained = silence === undefined && frequency.often === 'many' ? explainLeak(outcome, text) : undefined;
  if (explained === undefined || frequency.often !== 'many') return undefined;
  const { site, cause, name, handle, extent, history, trace } = explained;
  const { path, evidence, evidenceFile, type } = site.acquisition;
  const message = describeRootPerCall({ construction: site.node, type, name, frequency, cause: extent === 'never' ? undefined : cause, unit: trace.graph.unit, text });
  return {
    kind: 'root-per-call', node: site.node, acquisition: site.node, path, evidence, evidenceFile, handle, noun: type.noun, message, history,
    shownBy: frequency.shownBy, cause: extent === 'never' ? undefined : cause,
  };
}
