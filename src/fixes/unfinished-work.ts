import type { ProgramModel } from '../analysis/program-model.ts';
import type { BlockedReason } from './blocked-reason.ts';
import type { KeptHandle } from './find-handle.ts';
import type { HandleUses } from './handle-uses.ts';
import { isInTry } from './is-in-try.ts';

/** What goes on with the connection when the function has been left, where nothing says that the code means to release it before. */
export function unfinishedWork(model: ProgramModel, handle: KeptHandle, uses: HandleUses): BlockedReason | 'none' | 'perhaps' {
  let found: 'none' | 'perhaps' = 'none';
  for (const { call, method, completion, isUnseen } of uses.calls) {
    if (method === 'on' || method === 'once' || method === 'addListener') return 'listens';
    if ('arguments' in call && call.arguments.some(({ type }) => type === 'NewExpression')) return 'used as a stream';
    if (completion === 'returned' && isInTry(call, handle.unit)) return 'unfinished';
    const isDone = completion === 'awaited' || completion === 'returned' || !handle.isAwaited;
    if (isDone || model.bindings.calleeOf(call)?.async === false) continue;
    if (method !== undefined || !isUnseen) return 'unfinished';
    found = 'perhaps';
  }
  return found;
}
