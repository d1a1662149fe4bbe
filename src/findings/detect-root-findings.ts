import type { RootVerdict } from '../roots/judge-roots.ts';
import { describeRootPerCall } from './describe-root-finding.ts';
import { explainLeak } from './detect-findings.ts';
import type { RootPerCallFinding } from './finding.ts';
import { beginsInCallback, isInCallback } from './trace-history.ts';

/** The finding for a root that is made per call and not closed on every path; none where the verdict is a silence. `text` is the source of the file. */
export function detectRootFinding({ outcome, frequency, close, silence }: RootVerdict, text: string): RootPerCallFinding | undefined {
  if (silence !== undefined || frequency.often !== 'many' || outcome.site?.acquisition.type.root?.rule !== undefined) return undefined;
  const explained = explainLeak(outcome, text);
  if (explained === undefined) return undefined;
  const { site, name, handle, extent, history, trace } = explained;
  const { path, evidence, evidenceFile, type } = site.acquisition;
  const cause = extent === 'never' ? undefined : explained.cause;
  const inCallback = beginsInCallback(trace) || isInCallback(trace, explained.cause.node);
  const message = describeRootPerCall({ construction: site.node, type, name: name?.name, close, frequency, cause, unit: trace.graph.unit, inCallback, text });
  return { kind: 'root-per-call', node: site.node, acquisition: site.node, path, evidence, evidenceFile, handle, noun: type.noun, message, history, shownBy: frequency.shownBy, cause };
}
