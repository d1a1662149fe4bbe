/** Questions that lead on further than this are nested more deeply than anybody writes by hand, and the stack ends somewhere. */
const DEEPEST = 250;

/**
 * Answers, remembered by question. A question that comes back to itself (`const a = b, b = a`; two modules that re-export each other)
 * is answered with "not known" there, and what was answered on the way is remembered only while the question that was cut off is open: asked for
 * its own sake it may well have an answer, and the order in which questions come must not decide.
 */
export class Memory<Key, Answer> {
  /** Null: there is no answer. */
  private readonly answers = new Map<Key, Answer | OpenQuestion | null>();
  /** For answers that hold only while a question is open: its depth. */
  private readonly provisional = new Map<Key, number>();
  private readonly circle: Circle;
  private readonly find: (key: Key) => Answer | undefined;

  /** `find` looks for the answer to a question that is asked for the first time. */
  constructor(circle: Circle, find: (key: Key) => Answer | undefined) {
    this.circle = circle;
    this.find = find;
  }

  /** The answer to `key`: the remembered one, else the one that is found now. */
  answer(key: Key): Answer | undefined {
    const known = this.answers.get(key);
    if (known !== undefined) {
      if (known instanceof OpenQuestion) {
        this.circle.rely(known.depth);
        return undefined;
      }
      if (this.provisional.size > 0) this.circle.rely(this.provisional.get(key));
      return known ?? undefined;
    }
    const { circle } = this;
    if (circle.depth >= DEEPEST) {
      // As if it came back to the outermost question: nothing that is cut off here is remembered beyond that.
      circle.rely(1);
      return undefined;
    }
    const outer = circle.reliesOn;
    const depth = ++circle.depth;
    circle.reliesOn = Infinity;
    this.answers.set(key, circle.openAt(depth));
    let isAnswered = false;
    try {
      const found = this.find(key);
      this.answers.set(key, found ?? null);
      isAnswered = true;
      if (circle.reliesOn < depth) {
        this.provisional.set(key, circle.reliesOn);
        circle.untilClosed(circle.reliesOn, () => {
          this.answers.delete(key);
          this.provisional.delete(key);
        });
      }
      return found;
    } finally {
      if (!isAnswered) this.answers.delete(key);
      circle.close(depth);
      circle.reliesOn = Math.min(outer, circle.reliesOn < depth ? circle.reliesOn : Infinity);
      circle.depth--;
    }
  }
}

/** In place of the answer to a question that is being answered: how deep it lies. */
class OpenQuestion {
  readonly depth: number;

  constructor(depth: number) {
    this.depth = depth;
  }
}

/** The questions that are open, over all memories that ask each other. */
export class Circle {
  depth = 0;
  /** Depth of the outermost open question that the answer being looked for was cut off by. */
  reliesOn = Infinity;
  private readonly forget = new Map<number, (() => void)[]>();
  private readonly open: OpenQuestion[] = [];

  /** What stands in place of the answer to the question at `depth` while that is open. */
  openAt(depth: number): OpenQuestion {
    return (this.open[depth] ??= new OpenQuestion(depth));
  }

  /** What is being answered now holds only while the question at `depth` is open. */
  rely(depth: number | undefined): void {
    if (depth !== undefined && depth < this.reliesOn) this.reliesOn = depth;
  }

  /** Runs `action` when the question at `depth` is answered. */
  untilClosed(depth: number, action: () => void): void {
    const actions = this.forget.get(depth);
    if (actions === undefined) this.forget.set(depth, [action]);
    else actions.push(action);
  }

  /** The question at `depth` is answered. */
  close(depth: number): void {
    const actions = this.forget.get(depth);
    if (actions === undefined) return;
    this.forget.delete(depth);
    for (const action of actions) action();
  }
}
