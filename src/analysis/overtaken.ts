/**
 * `return load().then(use)` in a `try` block: the `finally` block runs before the reaction does. What a reaction of a promise that is returned from
 * there does with the resource, or an async function behind its first `await`, is noted, and comes after a release that overtakes it: one
 * with no `await` in between.
 */
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { factOf, filterFacts, withFact } from '../domain/facts.ts';
import { ALL, FALSE, TRUE } from '../domain/value-mask.ts';
import type { ReleaseRow } from '../drivers/driver.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import { callShape } from './call-shape.ts';
import { isReturnedFromTry } from './later.ts';
import type { ProgramModel } from './program-model.ts';
import type { Run } from './run.ts';

/** Every function sees the note that what runs may be overtaken. */
const ROOT = { name: 'overtaken' };

function noteOf(model: ProgramModel): number {
  return model.places.placeKey(ROOT, FACT_PATHS.out).id;
}

/** The key of the fact that nothing was done with the resource yet. */
function noUseOf(model: ProgramModel): number {
  return model.places.placeKey(ROOT, FACT_PATHS.use).id;
}

/** `disjunct` at the beginning of a reaction that `call` registers, or of an async function that it runs: that is overtaken from its first `await` on. */
export function enterOvertaken(model: ProgramModel, call: CallLike, disjunct: Disjunct, from: 'the beginning' | 'the first await'): Disjunct {
  if (disjunct.aliases.length === 0 || !isReturnedFromTry(call)) return disjunct;
  const facts = withFact(expectUses(model, call, disjunct).facts, noteOf(model), from === 'the beginning' ? TRUE : FALSE);
  return { ...disjunct, facts };
}

/**
 * `disjunct` before anything is done in what `call` runs, if it may be overtaken: that it does nothing with the resource is a fact, too, so that
 * a path on which it does is not taken for a case of one on which it does not.
 */
export function expectUses(model: ProgramModel, call: CallLike, disjunct: Disjunct): Disjunct {
  if (disjunct.aliases.length === 0 || !isReturnedFromTry(call)) return disjunct;
  const isUsed = disjunct.facts.some((id, index) => index % 2 === 0 && model.places.key(id).path === FACT_PATHS.use);
  return isUsed ? disjunct : { ...disjunct, facts: withFact(disjunct.facts, noUseOf(model), TRUE) };
}

/** `after`, which left what was entered with `before`. */
export function leaveOvertaken(model: ProgramModel, before: Disjunct, after: Disjunct): Disjunct {
  const note = noteOf(model);
  const facts = withFact(after.facts, note, factOf(before.facts, note));
  return facts === after.facts ? after : { ...after, facts };
}

function isOvertaken(model: ProgramModel, disjunct: Disjunct): boolean {
  return disjunct.facts.length > 0 && factOf(disjunct.facts, noteOf(model)) === TRUE;
}

/** `disjunct` at a call that uses the resource, or releases it. */
export function noteUse(model: ProgramModel, disjunct: Disjunct, node: Node, isRelease: boolean): Disjunct {
  if (disjunct.state !== 'held' || node.type !== 'CallExpression' || !isOvertaken(model, disjunct)) return disjunct;
  // What is known of a call is forgotten with its result.
  const key = model.places.placeKey(callShape(node).callee, FACT_PATHS.use).id;
  return { ...disjunct, facts: withFact(withFact(disjunct.facts, noUseOf(model), ALL), key, isRelease ? FALSE : TRUE) };
}

/** `disjunct` behind an `await`: what waits in an async function is overtaken from here on; in any other code, reactions may have run by now. */
export function passAwait(model: ProgramModel, disjunct: Disjunct): Disjunct {
  if (disjunct.facts.length === 0) return disjunct;
  const note = noteOf(model);
  const known = factOf(disjunct.facts, note);
  if (known === TRUE) return disjunct;
  if (known === FALSE) return { ...disjunct, facts: withFact(disjunct.facts, note, TRUE) };
  const facts = filterFacts(disjunct.facts, (id) => model.places.key(id).path !== FACT_PATHS.use);
  return facts === disjunct.facts ? disjunct : { ...disjunct, facts };
}

/** Notes the uses and releases that `released`, a release which led from `disjunct`, overtakes. */
export function noteOvertaken(run: Run, disjunct: Disjunct, released: Disjunct, row: ReleaseRow): void {
  const { model } = run;
  if (disjunct.facts.length === 0 || factOf(disjunct.facts, noteOf(model)) !== ALL) return;
  const useAfter = disjunct.site?.acquisition.type.useAfterRelease;
  for (let index = 0; index < disjunct.facts.length; index += 2) {
    const key = model.places.key(disjunct.facts[index]!);
    if (key.path !== FACT_PATHS.use || key.roots[0] === ROOT) continue;
    const call = (key.roots[0] as Node).parent!;
    const mask = disjunct.facts[index + 1];
    if (mask === FALSE && row.again !== 'harmless') run.misuseBehind('double-release', disjunct, released, call, row.again);
    if (mask === TRUE && useAfter !== 'harmless' && useAfter !== undefined) run.misuseBehind('use-after-release', disjunct, released, call, row.again);
  }
}

