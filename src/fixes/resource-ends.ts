/** The statements that begin and end what is done with a resource: a form with a callback does without them. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { ownRow } from '../bindings/own-row.ts';
import type { TypeRow } from '../drivers/driver.ts';
import type { Node, Statement, TSESTree } from '../syntax/estree.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { HandleUses, ReleaseStatement, ResourceCall } from './handle-uses.ts';
import { transactionCommandOf } from './open-transaction.ts';

/** One of them. */
export interface EndStatement {
  readonly call: Node;
  readonly statement: Statement;
  readonly isAwaited: boolean;
}

export interface ResourceEnds {
  /** What opens the resource, or begins its transaction, where the acquisition does not. */
  readonly begins: readonly EndStatement[];
  /** The one of these that begins the transaction. */
  readonly begin: EndStatement | undefined;
  readonly commits: readonly EndStatement[];
  readonly rollbacks: readonly EndStatement[];
  readonly releases: readonly EndStatement[];
  /** What remains to be done with the resource. */
  readonly calls: readonly ResourceCall[];
  readonly others: readonly Node[];
}

/** The ends that the code has, for a form that commits or one that does not; else the precondition that is false. */
export function resourceEnds(model: ProgramModel, uses: HandleUses, type: TypeRow, commits: boolean): ResourceEnds | BlockedReason {
  const { releases, calls, others } = uses;
  if (!commits) return { begins: [], commits: [], rollbacks: [], releases, calls, others, begin: undefined };
  if (type.ending === 'commit or rollback') {
    return { begins: [], commits: releases.filter(isCommit), rollbacks: releases.filter((release) => !isCommit(release)), releases: [], calls, others, begin: undefined };
  }
  const found: Record<'begin' | 'commit' | 'rollback' | 'open', EndStatement[]> = { begin: [], commit: [], rollback: [], open: [] };
  const left: ResourceCall[] = [];
  for (const use of calls) {
    const command = transactionCommandOf(model, use) ?? (isOpening(use, type) ? 'open' : undefined);
    const end = command && statementOf(use.call);
    if (command === undefined || end === undefined) left.push(use);
    else found[command].push(end);
  }
  const { begin: [begin, ...more], commit, rollback, open } = found;
  if (begin === undefined || more.length > 0 || commit.length === 0) return 'begins on its own';
  const removed = [begin, ...commit, ...rollback, ...open];
  const isRemoved = (node: Node): boolean => removed.some(({ statement: { range } }) => range[0] <= node.range[0] && node.range[1] <= range[1]);
  const remaining = others.filter((node) => !isRemoved(node));
  // Whatever is done before belongs to no transaction.
  if (remaining.some(({ range }) => range[0] < begin.statement.range[0])) return 'begins on its own';
  return { begins: [...open, begin], commits: commit, rollbacks: rollback, releases, calls: left, others: remaining, begin };
}

function isCommit({ name }: ReleaseStatement): boolean {
  return /^commit/i.test(name ?? '');
}

/** `await queryRunner.connect();`: what follows does it as well. */
function isOpening({ method, call }: ResourceCall, type: TypeRow): boolean {
  return method !== undefined && call.type === 'CallExpression' && call.arguments.length === 0 && method === 'connect' && ownRow(type.members, method)?.effect === 'open';
}

/** The statement that is nothing but the call and its `await`. */
function statementOf(call: TSESTree.Node): EndStatement | undefined {
  const awaiting = call.parent?.type === 'AwaitExpression' ? call.parent : undefined;
  const statement = (awaiting ?? call).parent;
  if (awaiting === undefined || statement?.type !== 'ExpressionStatement') return undefined;
  const { parent } = statement;
  if (parent.type !== 'BlockStatement' && parent.type !== 'Program' && parent.type !== 'SwitchCase') return undefined;
  return { call, statement, isAwaited: true };
}
