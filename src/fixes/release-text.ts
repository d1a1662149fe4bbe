import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { FoundHandle } from './find-handle.ts';
import type { FixInput } from './fix-input.ts';
import type { HandleUses } from './handle-uses.ts';

/** How the handle is released, as the code writes it; where it does nowhere, as the table does. Undefined: in several ways, or in none that we know. */
export function releaseText({ site, model }: FixInput, handle: FoundHandle, { releases }: HandleUses): string | undefined {
  if (releases.length > 0) {
    const texts = new Set(releases.map(({ text }) => text));
    return texts.size === 1 ? [...texts][0] : undefined;
  }
  const { giveBack } = site.acquisition.type;
  if (giveBack === '' || (giveBack.startsWith('await ') && !('async' in handle.unit && handle.unit.async) && handle.unit.type !== 'Program')) return undefined;
  if (!giveBack.includes('@')) return giveBack.replaceAll('$', handle.name);
  // What it was taken from is known where the acquiring call names it.
  const call = site.node.type === 'CallExpression' ? unwrapChain(site.node.callee) : undefined;
  if (call?.type !== 'MemberExpression' || model.bindings.acquisitionOf(site.node as never) !== site.acquisition) return undefined;
  const receiver = model.text.slice(...call.object.range);
  return /^(?:this|[\w$]+)(?:\.[\w$#]+)*$/.test(receiver) ? giveBack.replaceAll('@', receiver).replaceAll('$', handle.name) : undefined;
}
