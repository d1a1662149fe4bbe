/** The releases in the reactions of a chain, and what is left of those when the releases go. */
import type { ProgramModel } from '../analysis/program-model.ts';
import { isFunctionNode, type FunctionNode, type Node, type Statement } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { Edit } from './edit-plan.ts';
import { guardOf, isPure } from './handle-uses.ts';
import { outermost } from './outermost.ts';
import { linkAround, type ChainLink, type PromiseChain } from './promise-chain.ts';
import { emptiedBlocks, removeStatement } from './remove-statement.ts';
import type { SourceLayout } from './source-layout.ts';

export interface ChainRelease {
  readonly call: Node;
  /** The reaction that it stands in, and the number of its link. */
  readonly reaction: FunctionNode;
  readonly link: number;
  /** The statement that is nothing but the release; undefined where it is all that the reaction gives: `() => client.release()`. */
  readonly statement: Statement | undefined;
  readonly test: Node | undefined;
  /** How it is written, without `await`. */
  readonly text: string;
  readonly isAwaited: boolean;
  /** Whether the chain waits for it. */
  readonly isWaitedFor: boolean;
}

/** A release as a part of a reaction of the chain; else the precondition that is false. */
export function chainReleaseOf(model: ProgramModel, chain: PromiseChain, call: Node): ChainRelease | BlockedReason {
  const link = linkAround(chain, call);
  const reaction = model.file.unitOf(call);
  const isDirect = link > 0 && chain.links[link - 1]!.reactions.some((one) => unwrapExpression(one) === reaction);
  if (!isDirect || !isFunctionNode(reaction) || reaction.generator) return 'released in a callback';
  let expression = outermost(call);
  const text = model.text.slice(...expression.range);
  const isAwaited = expression.parent?.type === 'AwaitExpression';
  if (isAwaited) expression = expression.parent!;
  const common = { call, reaction, link, text, isAwaited };
  if (reaction.body === expression) return { ...common, statement: undefined, test: undefined, isWaitedFor: true };
  const guard = guardOf(expression);
  const statement = guard?.statement ?? expression.parent;
  if (guard !== undefined ? !isPure(guard.test) : statement?.type !== 'ExpressionStatement') return 'release is part of an expression';
  const { parent } = statement as Statement;
  if (parent.type !== 'BlockStatement' && parent.type !== 'SwitchCase') return 'release is part of an expression';
  return { ...common, statement: statement as Statement, test: guard?.test, isWaitedFor: isAwaited };
}

/** What a reaction does when its releases are gone. `identity`: it hands on what it was given. */
function leftOf(reaction: Node | undefined, releases: readonly ChainRelease[]): 'nothing' | 'identity' | 'rethrow' | 'something' {
  if (reaction === undefined) return 'identity';
  const own = unwrapExpression(reaction);
  if (!isFunctionNode(own)) return 'something';
  const gone = new Set<Node | undefined>(releases.map(({ statement, reaction: of }) => statement ?? of.body));
  if (gone.has(own.body)) return 'nothing';
  if (own.body.type !== 'BlockStatement') return 'something';
  const left = own.body.body.filter((statement) => !gone.has(statement));
  const [only] = left;
  if (only === undefined) return 'nothing';
  const [param] = own.params;
  if (left.length > 1 || param?.type !== 'Identifier' || (only.type !== 'ReturnStatement' && only.type !== 'ThrowStatement')) return 'something';
  if (only.argument?.type !== 'Identifier' || only.argument.name !== param.name) return 'something';
  return only.type === 'ReturnStatement' ? 'identity' : 'rethrow';
}

/** Whether a link does nothing when its releases are gone. `isUnused`: nobody looks at what the chain is fulfilled with. */
export function isIdle({ name, reactions }: ChainLink, releases: readonly ChainRelease[], isUnused: boolean): boolean {
  const [first, second] = reactions.map((reaction) => leftOf(reaction, releases));
  switch (name) {
    case 'then':
      return (first === 'identity' || (first === 'nothing' && isUnused)) && (second === undefined || second === 'rethrow');
    case 'catch':
      return first === 'rethrow';
    case 'finally':
      return first === 'nothing';
  }
}

/** The edits that take releases out of a link that stays. */
export function withoutReleases(model: ProgramModel, layout: SourceLayout, releases: readonly ChainRelease[]): Edit[] {
  const statements = releases.flatMap(({ statement }) => statement ?? []);
  const edits: Edit[] = [];
  for (const reaction of new Set(releases.map((release) => release.reaction))) {
    const own = releases.filter((release) => release.reaction === reaction);
    const { body } = reaction;
    if (own.some(({ statement }) => statement === undefined)) {
      // A parenthesis would make an object of the braces.
      edits.push({ range: body.range, text: /\(\s*$/.test(model.text.slice(reaction.range[0], body.range[0])) ? 'undefined' : '{}' });
      continue;
    }
    const left = body.type === 'BlockStatement' ? body.body.filter((statement) => !statements.includes(statement)) : [];
    const [only] = left;
    const isInOne = left.length === 1 && only?.type === 'ReturnStatement' && only.argument && body.type === 'BlockStatement' && own.length === body.body.length - 1;
    if (isInOne && reaction.type === 'ArrowFunctionExpression' && !layout.hasComment(body.range)) {
      const text = model.text.slice(...only.argument!.range);
      edits.push({ range: body.range, text: /^\{/.test(text) || only.argument!.type === 'SequenceExpression' ? `(${text})` : text });
      continue;
    }
    if (left.length === 0 && body.type === 'BlockStatement' && !layout.hasComment(body.range)) {
      edits.push({ range: body.range, text: '{}' });
      continue;
    }
    const removed = own.map(({ statement }) => statement!);
    edits.push(...removed.flatMap((statement) => removeStatement(layout, statement)), ...emptiedBlocks(layout, removed));
  }
  return edits;
}
