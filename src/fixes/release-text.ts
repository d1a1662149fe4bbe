import { unwrapChain } from '../syntax/unwrap-expression.ts';
import type { KeptHandle } from './find-handle.ts';
import type { FixInput } from './fix-input.ts';
import type { HandleUses } from './handle-uses.ts';

/**
 * How the handle is released, as the code writes it; where it does nowhere, as the table does. Undefined: in several ways, or in none that we know.
 * Where the handle may be missing it is asked for.
 */
export function releaseText(input: FixInput, handle: KeptHandle, uses: HandleUses): string | undefined {
  const text = writtenRelease(uses) ?? (uses.releases.length === 0 ? tableRelease(input, handle) : undefined);
  if (text === undefined || text.includes('?.') || !mayBeMissing(input, handle, uses)) return text;
  const { name } = handle;
  if (handle.isOuter === true && asksByIf(handle, uses)) return `if (${name}) ${text}`;
  const isMethod = new RegExp(`^(?:await )?${name.replaceAll('$', '\\$')}\\.`).test(text);
  return isMethod ? text.replace(`${name}.`, `${name}?.`) : `if (${name}) ${text}`;
}

/** Whether the code is written without `?.`: it asks by `if`, or has `var`. */
function asksByIf({ variable }: KeptHandle, { releases }: HandleUses): boolean {
  return releases.some(({ test }) => test !== undefined) || (variable.defs[0]?.parent as { kind?: string } | null | undefined)?.kind === 'var';
}

/** The one way in which the code releases it. */
function writtenRelease({ releases }: HandleUses): string | undefined {
  const texts = [...new Set(releases.map(({ text }) => text))];
  const asking = texts.find((text) => text.includes('?.'));
  return new Set(texts.map((text) => text.replace('?.', '.'))).size === 1 ? (asking ?? texts[0]) : undefined;
}

/** Whether the variable may hold nothing: the acquisition is no call of a library, or not always made. */
function mayBeMissing({ site, model }: FixInput, handle: KeptHandle, uses: HandleUses): boolean {
  if (handle.isOuter === true) return true;
  if (site.acquisition.style === 'receiver' || site.node.type !== 'CallExpression') return false;
  if (handle.ownedIf === undefined && /\?\./.test(model.text.slice(...(handle.statement?.range ?? site.node.range)))) return true;
  return uses.isTested && model.bindings.acquisitionOf(site.node) !== site.acquisition;
}

function tableRelease(input: FixInput, handle: KeptHandle): string | undefined {
  const text = spelledRelease(input, handle.name);
  return text?.startsWith('await ') === true && !('async' in handle.unit && handle.unit.async) && handle.unit.type !== 'Program' ? undefined : text;
}

/** How the table spells the release of what is called `name`; one that is waited for with its `await`. */
export function spelledRelease({ site, model }: FixInput, name: string): string | undefined {
  const { giveBack } = site.acquisition.type;
  if (giveBack?.includes('@') !== true) return giveBack?.replaceAll('$', name);
  // What it was taken from is known where the acquiring call names it.
  const call = site.node.type === 'CallExpression' ? unwrapChain(site.node.callee) : undefined;
  if (call?.type !== 'MemberExpression' || model.bindings.acquisitionOf(site.node as never) !== site.acquisition) return undefined;
  const receiver = model.text.slice(...call.object.range);
  return /^(?:this|[\w$]+)(?:\.[\w$#]+)*$/.test(receiver) ? giveBack.replaceAll('@', receiver).replaceAll('$', name) : undefined;
}
