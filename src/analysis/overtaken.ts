/**
 * `return client.query(…).then(use)` in a `try` block: the `finally` block runs before the reaction does. What a reaction of a promise that is
 * returned from there does with the resource is noted, and comes after a release that overtakes it: one with no `await` in between.
 */
import type { Disjunct } from '../domain/disjunct.ts';
import { factOf, filterFacts, withFact } from '../domain/facts.ts';
import { SEEN_EVERYWHERE } from '../domain/place.ts';
import { FALSE, TRUE } from '../domain/value-mask.ts';
import type { ReleaseRow } from '../drivers/driver.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import { callShape } from './call-shape.ts';
import { isReturnedFromTry } from './later.ts';
import type { ProgramModel } from './program-model.ts';
import type { Run } from './run.ts';

/** Every function sees the note that what runs may be overtaken. */
const ROOT = { name: 'overtaken' };

/** Path, below a call, of the fact that it will use (TRUE) or release (FALSE) the resource when the reaction runs. */
const USE_PATH = SEEN_EVERYWHERE.use;

function noteOf(model: ProgramModel): number {
  return model.places.placeKey(ROOT, SEEN_EVERYWHERE.out).id;
}

/** `disjunct` at the beginning of a reaction that `call` registers. */
export function enterReaction(model: ProgramModel, call: CallLike, disjunct: Disjunct): Disjunct {
  if (!isReturnedFromTry(call)) return disjunct;
  return { ...disjunct, facts: withFact(disjunct.facts, noteOf(model), TRUE) };
}

/** `after`, which left a reaction that was entered with `before`. */
export function leaveReactionOf(model: ProgramModel, before: Disjunct, after: Disjunct): Disjunct {
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
  const key = model.places.placeKey(callShape(node).callee, USE_PATH).id;
  return { ...disjunct, facts: withFact(disjunct.facts, key, isRelease ? FALSE : TRUE) };
}

/** `disjunct` behind an `await`: reactions may have run by now. */
export function forgetUses(model: ProgramModel, disjunct: Disjunct): Disjunct {
  if (disjunct.facts.length === 0 || isOvertaken(model, disjunct)) return disjunct;
  const facts = filterFacts(disjunct.facts, (id) => model.places.key(id).path !== USE_PATH);
  return facts === disjunct.facts ? disjunct : { ...disjunct, facts };
}

/** Notes the uses and releases that `released`, a release which led from `disjunct`, overtakes. */
export function noteOvertaken(run: Run, disjunct: Disjunct, released: Disjunct, row: ReleaseRow): void {
  const { model } = run;
  if (disjunct.facts.length === 0 || isOvertaken(model, disjunct)) return;
  const useAfter = disjunct.site?.acquisition.type.useAfterRelease;
  for (let index = 0; index < disjunct.facts.length; index += 2) {
    const key = model.places.key(disjunct.facts[index]!);
    if (key.path !== USE_PATH) continue;
    const call = (key.roots[0] as Node).parent!;
    const mask = disjunct.facts[index + 1];
    if (mask === FALSE && row.again !== 'harmless') run.misuseBehind('double-release', disjunct, released, call, row.again);
    if (mask === TRUE && useAfter !== 'harmless' && useAfter !== undefined) run.misuseBehind('use-after-release', disjunct, released, call, row.again);
  }
}

