import type { Graph } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { Alias } from '../domain/place.ts';
import type { Node } from '../syntax/estree.ts';
import type { Arrival } from './solver.ts';

/** What put the resource into the place `alias`, on the path that led to `arrival`: an assignment, or a call. */
export function storedBy(arrival: Arrival<Disjunct>, graph: Graph, alias: Alias): Node {
  let at = arrival;
  while (at.from !== undefined && at.from.state.aliases.includes(alias)) at = at.from;
  return graph.instructions[at.from?.at ?? at.at]!.node;
}
