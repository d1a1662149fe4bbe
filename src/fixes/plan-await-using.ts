/** The declaration releases the resource where its block ends: `await using connection = await pool.getConnection();`. Only where it is asked for. */
import type { ProgramModel } from '../analysis/program-model.ts';
import type { DisposeRow } from '../drivers/driver.ts';
import { isConstant } from '../bindings/scope-index.ts';
import { allowsUsing } from '../project/disposal-target.ts';
import { directoryOf } from '../project/path.ts';
import type { BlockedReason } from './blocked-reason.ts';
import { inOrder, type FixAnswer } from './edit-plan.ts';
import { findHandle, type FoundHandle } from './find-handle.ts';
import type { FixInput } from './fix-input.ts';
import { usesOfHandle } from './handle-uses.ts';
import { blockRegion } from './held-region.ts';
import { openTransaction } from './open-transaction.ts';
import { emptiedBlocks, removeStatement } from './remove-statement.ts';
import { SourceLayout } from './source-layout.ts';
import { unfinishedWork } from './unfinished-work.ts';

const FORM = 'await using';

/** The edits that make the declaration one of `using`, and take the releases out. */
export function planAwaitUsing(input: FixInput): FixAnswer {
  const { site, outcome, model } = input;
  const blocked = (reason: BlockedReason): FixAnswer => ({ kind: 'blocked', form: FORM, reason });
  const { dispose } = site.acquisition.type;
  if (dispose === undefined || !isVersionKnown(input, dispose)) return blocked('no dispose method');
  if (input.project === undefined || !allowsUsing(input.project, model.path)) return blocked('no using declarations');
  const [settlement] = outcome.settlements;
  if (settlement !== undefined) return blocked(settlement.kind === 'unknown' ? 'not followed' : 'escapes');
  if (outcome.misuses.length > 0) return blocked('misused');
  const handle = findHandle(input);
  if (typeof handle === 'string') return blocked(handle);
  const declaration = handle.statement;
  if (declaration.type !== 'VariableDeclaration' || declaration.kind === 'var' || !isConstant(handle.variable) || handle.block.type === 'SwitchCase') return blocked('not in a variable');
  if (dispose.kind === 'async' && !isAsyncFunction(handle)) return blocked('not async');
  const uses = usesOfHandle(model, handle, site.acquisition.type, outcome.releases);
  if (typeof uses === 'string') return blocked(uses);
  if (uses.isReleasedByFunction) return blocked('released elsewhere');
  const region = blockRegion(model, handle, uses);
  if (typeof region === 'string') return blocked(region);
  const unfinished = uses.releases.length === 0 ? unfinishedWork(model, handle, uses) : 'none';
  if (unfinished !== 'none' && unfinished !== 'perhaps') return blocked(unfinished);
  // What is returned and not awaited would need the connection when it is gone.
  if (uses.releases.length === 0 && uses.calls.some(({ completion }) => completion === 'returned')) return blocked('unfinished');
  const transaction = openTransaction(model, handle, uses, region.range);
  if (transaction === 'open') return blocked('transaction left open');
  const layout = new SourceLayout(model.text);
  const [start] = declaration.range;
  const keyword = dispose.kind === 'async' ? 'await using' : 'using';
  return {
    kind: 'edits', form: FORM, safety: !uses.isDoubtful && transaction === 'none' && unfinished === 'none' ? 'automatic' : 'suggestion',
    title: `Declare \`${handle.name}\` by \`${keyword}\`, which releases it where the block ends.`,
    edits: inOrder([
      { range: [start, start + declaration.kind.length], text: keyword },
      ...uses.releases.flatMap(({ statement }) => removeStatement(layout, statement)),
      ...emptiedBlocks(layout, uses.releases.map(({ statement }) => statement)),
    ]),
  };
}

function isAsyncFunction({ unit }: FoundHandle): boolean {
  return 'async' in unit && unit.async;
}

/** Whether it is known that the version which the file runs with has the method: the tables are those of the newest one where nothing says. */
function isVersionKnown({ site, model, project }: FixInput, dispose: DisposeRow): boolean {
  const name = dispose.package ?? packageOf(model, site.acquisition.path);
  return name !== undefined && project?.versions?.versionAt(directoryOf(model.path), name) !== undefined;
}

/** The package of the library that an API path begins with. */
function packageOf({ drivers }: ProgramModel, path: string): string | undefined {
  const library = path.split(' › ')[0];
  const module = drivers.find((driver) => driver.library === library)?.modules[0];
  return module && (/^(?:@[^/]+\/)?[^/]+/.exec(module)?.[0]);
}
