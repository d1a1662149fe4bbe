/** What is noted of a promise, below the place it lies at: what it is fulfilled with, and how it came about. */
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { withFact, type Facts } from '../domain/facts.ts';
import { ALL } from '../domain/value-mask.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';

const PATHS = [FACT_PATHS.value, FACT_PATHS.rejects, FACT_PATHS.later];

/** `into` with what `facts` notes of the promise at `from` said of `to`. */
export function copyPromiseFacts(model: ProgramModel, facts: Facts, from: PlaceRef, to: PlaceRef, into: Facts): Facts {
  let result = into;
  if (facts.length === 0) return result;
  for (const path of PATHS) {
    const mask = model.places.factAt(facts, from.root, from.path + path);
    const key = mask === ALL ? model.places.findKey(to.root, to.path + path) : model.places.placeKey(to.root, to.path + path);
    if (key !== undefined) result = withFact(result, key.id, mask);
  }
  return result;
}
