import type { ClientProblem } from '../prisma/find-client-problems.ts';
import type { Node } from '../syntax/estree.ts';
import { describeClient, type NameFile } from './describe-client.ts';
import { explainLeak } from './detect-findings.ts';
import type { ClientFinding, HistoryStep } from './finding.ts';

/** What is reported of a problem of a PrismaClient. */
export function detectClientFinding(problem: ClientProblem, nameFile: NameFile): ClientFinding {
  const { site } = problem;
  const node = problem.kind === 'pool-outside' ? problem.node : site.node;
  const other = problem.kind === 'duplicate' ? problem.other.site : problem.kind === 'per-run' ? problem.own?.site : undefined;
  const evidenceFile = other !== undefined && other.model !== site.model ? nameFile(other.model.path) : undefined;
  const leak = site.runs.often === 'many' ? explainLeak(site.runs.verdict.outcome, site.model.text) : undefined;
  const message = describeClient(problem, leak === undefined || leak.extent === 'never' ? undefined : leak.cause, nameFile);
  return {
    kind: 'prisma-client',
    problem: problem.kind,
    node,
    acquisition: node,
    path: 'prisma › PrismaClient',
    evidence: evidenceFile === undefined ? 'import' : 'other-file',
    evidenceFile,
    handle: 'the client',
    noun: 'client',
    message: message.charAt(0).toUpperCase() + message.slice(1),
    history: leak?.history ?? historyOf(problem, node),
  };
}

/** The steps that lie in the file of the finding. */
function historyOf(problem: ClientProblem, node: Node): readonly HistoryStep[] {
  const made: HistoryStep = { event: 'acquired', node, text: `${problem.kind === 'pool-outside' ? 'pool' : 'client'} made` };
  switch (problem.kind) {
    case 'duplicate': {
      const { site } = problem.other;
      return site.model === problem.site.model ? [made, { event: 'acquired', node: site.node, text: 'client of the same database made' }] : [made];
    }
    case 'broken':
      return [made, { event: 'missed', node: problem.broken.at, text: `globalThis.${problem.broken.place} ${problem.broken.kind}` }];
    default:
      return [made];
  }
}
