/** What all runs over one file share: the model, the index of tests, and the results that are kept. */
import type { Acquisition } from '../bindings/entity.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { Site } from '../domain/obligation.ts';
import type { FunctionNode, Node } from '../syntax/estree.ts';
import type { ProgramModel } from './program-model.ts';
import type { Misuse, Settled } from './run.ts';
import { TestIndex } from './test-index.ts';

/** What following a call of a function into its body gave: its exits in the function's own terms, and what happened on the way. */
export interface Summary {
  readonly normal: readonly Disjunct[];
  readonly thrown: readonly Disjunct[];
  readonly settled: readonly Settled[];
  readonly misuses: readonly Misuse[];
}

/** Whether a function can return and can throw, whatever it is given. */
export interface Completes {
  readonly returns: boolean;
  readonly throws: boolean;
}

export class AnalysisContext {
  readonly model: ProgramModel;
  readonly tests: TestIndex;
  /** Functions that are being followed; one that comes up again is a recursion. */
  readonly active = new Set<FunctionNode>();
  readonly summaries = new Map<FunctionNode, Map<string, Summary>>();
  readonly completions = new Map<FunctionNode, Completes>();
  readonly handOuts = new Map<FunctionNode, Map<string, readonly Disjunct[]>>();
  private readonly sites = new Map<Node, Site[]>();
  private readonly siteIds = new Map<Site, number>();

  constructor(model: ProgramModel) {
    this.model = model;
    this.tests = new TestIndex(model);
  }

  /** The one site object for this call and acquisition. */
  site(node: Node, acquisition: Acquisition): Site {
    const known = this.sites.get(node) ?? [];
    let site = known.find((one) => one.acquisition === acquisition);
    if (site === undefined) {
      site = { node, acquisition };
      this.sites.set(node, [...known, site]);
      this.siteIds.set(site, this.siteIds.size);
    }
    return site;
  }

  /** A number for the site, for keys. */
  siteId(site: Site | undefined): number {
    return site === undefined ? -1 : (this.siteIds.get(site) ?? -1);
  }
}
