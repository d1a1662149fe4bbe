/**
 * The mechanics of building a graph: emitting instructions, joining, and leaving through `finally`.
 * It knows nothing of JavaScript's statements; `lower-statement.ts` and `lower-expression.ts` know the language.
 */
import type { Expression, Node, UnitNode } from '../syntax/estree.ts';
import { NONE, type ExitKind, type Graph, type Instruction, type InstructionId, type InstructionSpan, type RegionId, type TestKind, type Value } from './graph.ts';

/** A point that control can be sent to before it is known what stands there. */
export type Label = InstructionId;

/** How control leaves a construct early: to a label (break, continue), or out of the unit. */
export type Leave = { readonly kind: 'jump'; readonly label: Label } | { readonly kind: ExitKind | 'return' };

interface CatchFrame {
  readonly kind: 'catch';
  readonly handler: Label;
}

interface FinallyFrame {
  readonly kind: 'finally';
  readonly region: RegionId;
  readonly entry: Label;
  /** The ways in which control has entered so far, by completion number. */
  readonly completions: { leave: Leave | undefined; complete: InstructionId }[];
}

interface JumpFrame {
  readonly kind: 'jump';
  readonly labels: readonly string[];
  readonly breaks: Label;
  readonly continues: Label | undefined;
  /** Whether an unlabelled `break` ends it (loops and `switch`, not labelled blocks). */
  readonly unlabelled: boolean;
}

type Frame = CatchFrame | FinallyFrame | JumpFrame;

/** The span of a `finally` block that never completes: no `dispatch` asks how it was entered. */
const NO_INSTRUCTIONS: InstructionSpan = { first: NONE, last: NONE };

/** An instruction before the builder gave it its id and edges. */
type Draft = Instruction extends infer I ? (I extends Instruction ? Omit<I, 'id' | 'starts' | 'next' | 'alternate' | 'thrown'> : never) : never;

/** Builds the graph of one unit. */
export class GraphBuilder {
  private readonly instructions: Instruction[] = [];
  private current: InstructionId;
  private readonly entered = new Set<Label>();
  private frames: Frame[] = [];
  private readonly regions: InstructionSpan[] = [];
  private startsStatement = false;
  private readonly entry: InstructionId;
  private readonly exits: Record<ExitKind, InstructionId>;
  private readonly unit: UnitNode;

  constructor(unit: UnitNode) {
    this.unit = unit;
    this.entry = this.add({ op: 'entry', node: unit });
    this.exits = {
      normal: this.add({ op: 'exit', exit: 'normal', node: unit }),
      throw: this.add({ op: 'exit', exit: 'throw', node: unit }),
      stop: this.add({ op: 'exit', exit: 'stop', node: unit }),
    };
    this.current = this.entry;
  }

  /** Whether control can reach the point where the next instruction would stand. */
  get reachable(): boolean {
    return this.current !== NONE;
  }

  private add(draft: Draft): InstructionId {
    // The draft was made for this: it becomes the instruction, without a copy. (Field by field: `Object.assign` takes five times as long.)
    const instruction = draft as { -readonly [Key in keyof Instruction]: Instruction[Key] };
    const id = this.instructions.length as InstructionId;
    instruction.id = id;
    instruction.starts = this.startsStatement;
    instruction.next = NONE;
    instruction.alternate = NONE;
    instruction.thrown = NONE;
    this.instructions.push(instruction as Instruction);
    return id;
  }

  private at(id: InstructionId): Instruction {
    return this.instructions[id]!;
  }

  /** The next instruction is the first of a statement. */
  startStatement(): void {
    this.startsStatement = true;
  }

  /**
   * Appends an instruction after the current point. `throws`: it has an edge to the nearest handler as well.
   * Returns NONE where control cannot come.
   */
  emit(draft: Draft, throws = false): InstructionId {
    if (this.current === NONE) return NONE;
    const id = this.add(draft);
    this.startsStatement = false;
    if (throws) this.at(id).thrown = this.leaveTarget({ kind: 'throw' }, draft.node, this.frames.length);
    this.at(this.current).next = id;
    this.current = id;
    return id;
  }

  /** A point to be placed later. */
  label(node: Node): Label {
    const keep = this.startsStatement;
    this.startsStatement = false;
    const id = this.add({ op: 'join', node });
    this.startsStatement = keep;
    return id;
  }

  /** Goes on at `label`: from the current point and from whoever jumps there. */
  place(label: Label): void {
    if (this.current !== NONE) this.jump(label);
    this.current = this.entered.has(label) ? label : NONE;
  }


  /** Sends control to `label`; what follows is not reachable. */
  jump(label: Label): void {
    if (this.current === NONE) return;
    this.at(this.current).next = label;
    this.entered.add(label);
    this.current = NONE;
  }

  /** Tests `value`; control goes to `whenTrue` or `whenFalse`. What follows is not reachable until a label is placed. */
  branch(
    kind: TestKind,
    value: Value,
    node: Node,
    whenTrue: Label,
    whenFalse: Label,
    more: { operand?: Expression; keeps?: boolean } = {},
  ): void {
    const id = this.emit({ op: 'branch', kind, value, operand: more.operand, keeps: more.keeps ?? false, node });
    if (id === NONE) return;
    this.at(id).next = whenTrue;
    this.at(id).alternate = whenFalse;
    this.entered.add(whenTrue).add(whenFalse);
    this.current = NONE;
  }

  /** One iteration step: goes on with another element; `done` is where the loop ends. */
  iterate(node: Node, done: Label, throws: boolean): void {
    const id = this.emit({ op: 'iterate', node }, throws);
    if (id === NONE) return;
    this.at(id).alternate = done;
    this.entered.add(done);
  }

  /** A `yield`: goes on, throws (the consumer calls `throw()`), or stops (the consumer calls `return()`). */
  yield(node: Node, value: Value | undefined): void {
    const id = this.emit({ op: 'yield', value, node }, true);
    if (id === NONE) return;
    this.at(id).alternate = this.leaveTarget({ kind: 'stop' }, node, this.frames.length);
  }

  /** Ends a path for good: the process is gone. */
  stop(): void {
    this.current = NONE;
  }

  /** Ends a path by `leave`: through the enclosing `finally` blocks to its target. */
  leave(leave: Leave, node: Node): void {
    if (this.current === NONE) return;
    const target = this.leaveTarget(leave, node, this.frames.length);
    this.at(this.current).next = target;
    this.current = NONE;
  }

  /** Where `leave` goes first when started inside the outermost `depth` frames: the nearest `finally`, else its own target. */
  private leaveTarget(leave: Leave, node: Node, depth: number): InstructionId {
    for (let index = depth - 1; index >= 0; index--) {
      const frame = this.frames[index]!;
      if (frame.kind === 'finally') return this.completionOf(frame, leave, node);
      if (frame.kind === 'catch' && leave.kind === 'throw') {
        this.entered.add(frame.handler);
        return frame.handler;
      }
      if (frame.kind === 'jump' && leave.kind === 'jump' && (frame.breaks === leave.label || frame.continues === leave.label)) break;
    }
    switch (leave.kind) {
      case 'jump':
        this.entered.add(leave.label);
        return leave.label;
      case 'return':
        return this.exits.normal;
      default:
        return this.exits[leave.kind];
    }
  }

  private completionOf(frame: FinallyFrame, leave: Leave | undefined, node: Node): InstructionId {
    const known = frame.completions.find(
      (completion) =>
        completion.leave?.kind === leave?.kind &&
        (completion.leave?.kind !== 'jump' || leave?.kind !== 'jump' || completion.leave.label === leave.label),
    );
    if (known !== undefined) return known.complete;
    const complete = this.add({ op: 'complete', region: frame.region, completion: frame.completions.length, node });
    this.at(complete).next = frame.entry;
    this.entered.add(frame.entry);
    frame.completions.push({ leave, complete });
    return complete;
  }

  /** Runs `body` with `frame` on the stack, and asserts that the frame taken off is the one put on. */
  private within(frame: Frame, body: () => void): void {
    this.frames.push(frame);
    body();
    this.popFrame(frame);
  }

  private popFrame(frame: Frame): void {
    const popped = this.frames.pop();
    if (popped !== frame) throw new Error(`connection-leaks: unbalanced frames in ${this.unit.type}`);
  }

  /** Code inside `body` that throws goes to `handler`. */
  withCatch(handler: Label, body: () => void): void {
    this.within({ kind: 'catch', handler }, body);
  }

  /** Code inside `body` may `break` to `breaks` and `continue` to `continues`. */
  withJumps(labels: readonly string[], breaks: Label, continues: Label | undefined, unlabelled: boolean, body: () => void): void {
    const frame: JumpFrame = { kind: 'jump', labels, breaks, continues, unlabelled };
    this.frames.push(frame);
    body();
    this.popFrame(frame);
  }

  /** The label that `break` or `continue`, with or without a name, goes to; undefined where the program is not valid. */
  findJump(kind: 'break' | 'continue', name: string | undefined): Label | undefined {
    for (let index = this.frames.length - 1; index >= 0; index--) {
      const frame = this.frames[index]!;
      if (frame.kind !== 'jump') continue;
      if (name === undefined ? !frame.unlabelled : !frame.labels.includes(name)) continue;
      if (kind === 'break') return frame.breaks;
      if (frame.continues !== undefined) return frame.continues;
    }
    return undefined;
  }

  /**
   * Lowers `body` with `finalizer` run after it. The ways control can reach the finalizer:
   *
   *   0. body completes normally (if it can), and control goes on after the whole construct
   *   1. body throws (or an awaited promise rejects, or a catch clause rethrows): on to the next handler outside
   *   2. body returns: on to the next `finally` outside, else out of the unit
   *   3. body breaks or continues to a label outside: one completion per label
   *   4. body is stopped at a `yield` by the consumer of a generator: as 2, to the exit `stop`
   *
   * and each of them is overridden when the finalizer itself throws, returns, breaks or continues (then `dispatch` is not reached).
   */
  withFinally(node: Node, body: () => void, finalizer: () => void): void {
    const region = this.regions.length as RegionId;
    this.regions.push(NO_INSTRUCTIONS);
    const after = this.label(node);
    const frame: FinallyFrame = { kind: 'finally', region, entry: this.label(node), completions: [] };
    this.within(frame, body);
    const completes = this.current !== NONE;
    if (completes) {
      this.at(this.current).next = this.completionOf(frame, undefined, node);
      this.current = NONE;
    }
    this.place(frame.entry);
    const first = this.instructions.length as InstructionId;
    finalizer();
    if (this.current === NONE) return;
    const targets = frame.completions.map((completion) => {
      if (completion.leave === undefined) return after;
      return this.leaveTarget(completion.leave, node, this.frames.length);
    });
    const dispatch = this.emit({ op: 'dispatch', region, targets, node });
    this.regions[region] = { first, last: dispatch };
    if (completes) this.entered.add(after);
    this.at(dispatch).next = NONE;
    this.current = NONE;
    this.place(after);
  }

  /** Lets edges lead past joins, which do nothing, to what comes after them. A loop of nothing but joins (`for (;;);`) keeps one. */
  private skipJoins(): void {
    const past = (id: InstructionId): InstructionId => {
      let target = id;
      for (let steps = 0; target !== NONE && steps < this.instructions.length; steps++) {
        const { op, next } = this.at(target);
        if (op !== 'join' || next === NONE) return target;
        target = next;
      }
      return target;
    };
    // An outer construct made its joins before the inner ones did, so that what a chain of joins leads to is short by its turn.
    for (const instruction of this.instructions) {
      if (instruction.next !== NONE) instruction.next = past(instruction.next);
      if (instruction.alternate !== NONE) instruction.alternate = past(instruction.alternate);
      if (instruction.thrown !== NONE) instruction.thrown = past(instruction.thrown);
      if (instruction.op === 'dispatch') instruction.targets = instruction.targets.map(past);
    }
  }

  /** The finished graph. `name` is for messages of invariants and for the printer. */
  finish(name: string): Graph {
    this.skipJoins();
    return {
      unit: this.unit,
      name,
      isCut: false,
      instructions: this.instructions,
      entry: this.entry,
      exits: this.exits,
      regions: this.regions,
    };
  }
}
