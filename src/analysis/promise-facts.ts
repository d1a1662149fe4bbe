/** What is noted of a promise, below the place it lies at: what it is fulfilled with, and how it came about. */
import { withFact, type Facts } from '../domain/facts.ts';
import { ALL } from '../domain/value-mask.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';

/** Path of the fact about the value that the promise is fulfilled with. */
export const VALUE_PATH = '.@value';

/** Path of the fact that what a function returned is a promise which may reject. */
export const REJECTION_PATH = '.@rejects';

/** Path of the fact that the release lies in code that the promise stands for: it runs later than what follows, unless the promise is waited for. */
export const LATER_PATH = '.@later';

const PATHS = [VALUE_PATH, REJECTION_PATH, LATER_PATH];

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
