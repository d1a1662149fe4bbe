import type { Node } from '../syntax/estree.ts';

/** What runs note about a node. Many paths note the same, and each call takes over the notes of what it calls: they are kept once. */
export class Notes<Note> {
  private readonly byNode = new Map<Node, Map<string, Note>>();

  /** Adds `note`, unless there is one for the same node and the same key. */
  add(node: Node, key: string, note: Note): void {
    const known = this.byNode.get(node);
    if (known === undefined) this.byNode.set(node, new Map([[key, note]]));
    else if (!known.has(key)) known.set(key, note);
  }

  /** All of them, those about one node together. */
  *[Symbol.iterator](): Generator<Note> {
    for (const notes of this.byNode.values()) yield* notes.values();
  }
}
