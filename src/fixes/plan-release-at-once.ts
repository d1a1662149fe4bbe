import type { ProgramModel } from '../analysis/program-model.ts';
import type { Node, TSESTree } from '../syntax/estree.ts';
import type { FixAnswer } from './edit-plan.ts';
import type { FixInput } from './fix-input.ts';

const FORM = 'released at once';

/** `(await pool.connect()).release();` for `await pool.connect();`, which only asks whether there is a connection; undefined for everything else. */
export function planReleaseAtOnce({ site, model, outcome }: FixInput): FixAnswer | undefined {
  const { type } = site.acquisition;
  const awaited = site.node.parent;
  const statement = awaited?.type === 'AwaitExpression' ? awaited.parent : undefined;
  const isLibrary = site.node.type === 'CallExpression' && model.bindings.acquisitionOf(site.node) === site.acquisition && site.acquisition.style === 'promise' && site.acquisition.property === undefined;
  if (statement?.type !== 'ExpressionStatement' || awaited === undefined || !isLibrary || outcome.settlements.length + outcome.releases.size > 0) return undefined;
  const method = /^(await )?\$\.(\w+\(\))$/.exec(type.giveBack ?? '');
  if (method === null || type.ending === 'commit or rollback') return undefined;
  const [, wait = '', release] = method;
  const [start, end] = awaited.range;
  if (wait === '' && !isEnded(model, statement)) return { kind: 'blocked', form: FORM, reason: 'no semicolon before' };
  return {
    kind: 'edits', form: FORM, safety: 'automatic', title: `Release the ${type.noun} at once.`,
    edits: [{ range: [start, start], text: `${wait}(` }, { range: [end, end], text: `).${release!}` }],
  };
}

/** Whether the statement before ends where it stands: a line that begins with a parenthesis would go on with it else. */
function isEnded(model: ProgramModel, statement: TSESTree.Statement): boolean {
  const { parent } = statement;
  const list = 'body' in parent && Array.isArray(parent.body) ? (parent.body as readonly Node[]) : parent.type === 'SwitchCase' ? parent.consequent : [];
  const before = list[list.indexOf(statement) - 1];
  return before === undefined || model.text[before.range[1] - 1] === ';' || endsInBlock(before);
}

function endsInBlock(node: Node): boolean {
  switch (node.type) {
    case 'BlockStatement':
    case 'TryStatement':
    case 'SwitchStatement':
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return true;
    case 'IfStatement':
      return endsInBlock(node.alternate ?? node.consequent);
    case 'ForStatement':
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'WhileStatement':
      return endsInBlock(node.body);
    default:
      return false;
  }
}
