/** Changing a disjunct: the promise at a place is fulfilled, or rejected. */
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { withFact } from '../domain/facts.ts';
import type { Held } from '../domain/place.ts';
import { FULFILS, REJECTS, type ValueMask } from '../domain/value-mask.ts';
import { bindPlace, forgetPlace } from './bind-value.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';
import type { TestIndex } from './test-index.ts';

/** `disjunct` after the promise at `place` was fulfilled with a value that holds `held` and is one of `value`. */
export function fulfilPlace(model: ProgramModel, tests: TestIndex, disjunct: Disjunct, place: PlaceRef, held: readonly Held[], value: ValueMask): Disjunct {
  const promised = held.map((one): Held => (one.path === '' && one.role === 'handle' ? { ...one, role: 'promise' } : one));
  const bound = bindPlace(model, tests, disjunct, place, { held: promised, mask: FULFILS, source: undefined });
  return { ...bound, facts: withFact(bound.facts, model.places.placeKey(place.root, place.path + FACT_PATHS.value).id, value) };
}

/** `disjunct` after the promise at `place` was rejected. */
export function rejectPlace(model: ProgramModel, disjunct: Disjunct, place: PlaceRef): Disjunct {
  const clean = forgetPlace(model, disjunct, place);
  return { ...clean, facts: withFact(clean.facts, model.places.placeKey(place.root, place.path).id, REJECTS) };
}
