/**
 * The control-flow graph of one unit (function, module top level, field initialisers of a class).
 *
 * A node of the graph is one instruction, an edge is what can come next. An instruction stands for an effect that matters to
 * a connection: a call, an await, a yield, an assignment, a test, a way out. Reading a property or computing a sum has no instruction.
 *
 * There are three kinds of edge:
 *
 *     next       the instruction completed
 *                  f();  g();            call f → call g
 *     alternate  the other outcome: the test was false, the iteration is done, the consumer of a generator stopped at a yield
 *                  if (a) b(); c();      branch a → call b | alternate → call c
 *     thrown     the instruction threw or the awaited promise rejected
 *                  try { f() } catch { g() }     call f → thrown → call g
 *
 * A `finally` block exists once. Whoever enters it first passes a `complete` instruction that notes how it came (its completion,
 * ECMA-262 §6.2.4); the `dispatch` instruction at the end of the block goes on accordingly. So 40 nested blocks cost 40 times one.
 */
import type { Expression, Node, UnitNode } from '../syntax/estree.ts';

declare const instructionId: unique symbol;
/** Index of an instruction in its graph. */
export type InstructionId = number & { readonly [instructionId]: true };

declare const regionId: unique symbol;
/** Index of a `finally` region (or an implicit one, of `using`) in its graph. */
export type RegionId = number & { readonly [regionId]: true };

/** No edge of this kind. */
export const NONE = -1 as InstructionId;

/** How control leaves a unit. `stop`: the consumer of a generator stopped at a `yield`. */
export type ExitKind = 'normal' | 'throw' | 'stop';

/**
 * A value read by an instruction: the result of `expression`, and below it the property path `path` (`.client`, `.0`, or empty).
 * `undefined` in place of a value stands for one that the graph does not describe (a caught error, an element of an iterable).
 */
export interface Value {
  readonly expression: Node;
  readonly path: string;
}

/** What is tested: truthiness, being null or undefined, being undefined, or strict equality with `operand` (a `case`). */
export type TestKind = 'truthy' | 'nullish' | 'undefined' | 'equal';

interface Common {
  readonly id: InstructionId;
  readonly node: Node;
  /** First instruction of a statement: what earlier statements computed on the way is gone. */
  starts: boolean;
  next: InstructionId;
  alternate: InstructionId;
  thrown: InstructionId;
}

export type Instruction = Common &
  (
    | { readonly op: 'entry' | 'join' | 'opaque' }
    | { readonly op: 'exit'; readonly exit: ExitKind }
    /** A call, construction or tagged template, after its operands were evaluated. */
    | { readonly op: 'call' }
    | { readonly op: 'await'; readonly value: Value }
    | { readonly op: 'yield'; readonly value: Value | undefined }
    /** One step of a `for…of` / `for…in` / `for await` loop: next = another element, alternate = done. */
    | { readonly op: 'iterate' }
    | {
        readonly op: 'branch';
        readonly kind: TestKind;
        readonly value: Value;
        readonly operand: Expression | undefined;
        /** Whether the tested value is used again: `a ?? b` goes on with a. Otherwise what the test says of the result of a call is soon forgotten. */
        readonly keeps: boolean;
      }
    /** The expression `node` has the value `value` from here on (the taken side of `a ? b : c`, `a ?? b`, an optional chain). */
    | { readonly op: 'copy'; readonly value: Value | undefined }
    /** `target` is an identifier or a member expression; `value` undefined means: not known. `declares`: the binding is new here. */
    | { readonly op: 'assign'; readonly target: Node; readonly value: Value | undefined; readonly declares: boolean }
    /** `let x;`: the variable becomes undefined. */
    | { readonly op: 'clear'; readonly target: Node }
    | { readonly op: 'return'; readonly value: Value | undefined }
    | { readonly op: 'throw'; readonly value: Value }
    /** A `using` declaration evaluated its initialiser and looks up the dispose method: TypeError when there is none. */
    | { readonly op: 'using'; readonly target: Node; readonly awaits: boolean }
    /** The scope of a `using` declaration ends. */
    | { readonly op: 'dispose'; readonly target: Node; readonly awaits: boolean }
    /** Control is about to enter the `finally` block of `region` with its completion number `completion`. */
    | { readonly op: 'complete'; readonly region: RegionId; readonly completion: number }
    /** The `finally` block of `region` completed normally: `targets[n]` goes on with completion n. */
    | { readonly op: 'dispatch'; readonly region: RegionId; targets: readonly InstructionId[] }
  );

export type InstructionOf<Op extends Instruction['op']> = Extract<Instruction, { op: Op }>;

/** The instructions from `first` to `last`; none where `last` is smaller. */
export interface InstructionSpan {
  readonly first: InstructionId;
  readonly last: InstructionId;
}

export interface Graph {
  readonly unit: UnitNode;
  readonly name: string;
  readonly instructions: readonly Instruction[];
  /** Whether the code is nested so deeply that lowering gave up: the graph then says nothing. */
  readonly isCut: boolean;
  readonly entry: InstructionId;
  readonly exits: Readonly<Record<ExitKind, InstructionId>>;
  /** By region: which instructions its `finally` block is made of, up to its `dispatch`. Elsewhere nobody asks how the region was left. */
  readonly regions: readonly InstructionSpan[];
}
