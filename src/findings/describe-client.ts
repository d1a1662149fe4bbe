/** The sentences about PrismaClients: what happens at run time, where the other client is, and the way out. */
import type { Client } from '../prisma/client-group.ts';
import type { ClientSite } from '../prisma/client-site.ts';
import type { ClientProblem } from '../prisma/find-client-problems.ts';
import type { LeakCause } from './finding.ts';
import type { Node } from '../syntax/estree.ts';
import { describeUnit } from '../syntax/file-index.ts';
import { excerpt } from '../syntax/excerpt.ts';

/** A function that names a file as the file of the finding would import it. */
export type NameFile = (path: string) => string;

/** What the problem of a client is reported with. `cause`: why one that is made on each run is not closed, where some path does close it. */
export function describeClient(problem: ClientProblem, cause: LeakCause | undefined, nameFile: NameFile): string {
  const { site } = problem;
  const code = `\`${excerpt(site.node, site.model.text)}\``;
  switch (problem.kind) {
    case 'per-run':
      return `${describeRuns(site, code, cause)} ${problem.own === undefined ? 'Make one client at the top level of a module, and import that.' : `Use the client of the project, which is made ${placeOf(problem.own, site, nameFile)}.`}`;
    case 'duplicate':
      return describeDuplicate(problem, code, nameFile);
    case 'broken':
      return describeBroken(problem.broken, site, code);
    case 'hot-reload':
      return `${problem.framework} loads this module anew after a change in development, and each time ${code} opens another connection pool while the old one stays open. Keep the client on \`globalThis\` and make one only where there is none (\`globalThis.prisma ??= …\`).`;
    case 'pool-outside':
      return `${problem.framework} loads this module anew after a change in development, and each time makes this pool again, while the client on ${line(site.node)} is kept. Make the pool where the client is made, behind the same test.`;
  }
}

function describeRuns({ runs, model }: ClientSite, code: string, cause: LeakCause | undefined): string {
  switch (runs.often) {
    case 'once':
      return '';
    case 'each object':
      return `${code} opens a connection pool of its own for each object of the class, and ${line(runs.shownBy)} makes one on each run.`;
    case 'many': {
      const { outcome, frequency } = runs.verdict;
      const each = frequency.often === 'many' && frequency.why === 'loop' ? `each turn of the loop on ${line(frequency.shownBy)}` : `each run of ${describeUnit(model.file.unitOf(outcome.node))}`;
      const end = cause?.kind === 'throws' ? `it stays open if \`${excerpt(cause.node, model.text)}\` on ${line(cause.node)} throws` : cause === undefined ? 'nothing closes it' : 'on some paths nothing closes it';
      return `${code} opens a connection pool of its own on ${each}, and ${end}.`;
    }
  }
}

function describeDuplicate(problem: Extract<ClientProblem, { kind: 'duplicate' }>, code: string, nameFile: NameFile): string {
  const { site, other, isOwn } = problem;
  const place = placeOf(other, site, nameFile);
  if (site.kind === 'provider' && other.site.kind === 'provider') {
    return `NestJS makes a ${code} for each module that provides it, each with a connection pool of its own; another one is provided ${place}. Provide and export it in one module, and import that module.`;
  }
  const others = site.kind === 'provider' ? `The ${code} that NestJS makes here` : code;
  if (!isOwn) return `${others} opens a second connection pool for the same database: another client is made ${place}. Make one client in a module of its own, and import that.`;
  return `${others} opens a second connection pool for the same database: the client of the project is made ${place}. Use that one.`;
}

function describeBroken({ kind, place, at, instead }: Extract<ClientProblem, { kind: 'broken' }>['broken'], site: ClientSite, code: string): string {
  const name = /^[\w$]+$/.test(place) ? `\`globalThis.${place}\`` : `\`globalThis[${place}]\``;
  const each = `each time this module is loaded anew ${code} opens another connection pool`;
  const wayOut = `Make the client only where there is none (${name.slice(0, -1)} ??= …\`).`;
  if (kind === 'unread') return `${name} is written on ${line(at)} and never read, so ${each}. ${wayOut}`;
  if (kind === 'passed-by') return `${name} is read on ${line(at)}, but the client is made whether it is there or not: ${each}. ${wayOut}`;
  const other = instead === undefined ? '' : ` (\`globalThis.${instead}\` is)`;
  return `${name} is read on ${line(at)} and never written${other}, so ${each}. ${site.isOffered || instead !== undefined ? wayOut : `Write it (${name.slice(0, -1)} ??= …\`).`}`;
}

/** `in ../db.ts (line 3)`, `on line 3` of the same file. */
function placeOf(client: Client, from: ClientSite, nameFile: NameFile): string {
  const { model, node } = client.site;
  return model === from.model ? `on ${line(node)}` : `in ${nameFile(model.path)} (${line(node)})`;
}

function line(node: Node): string {
  return `line ${String(node.loc.start.line)}`;
}
