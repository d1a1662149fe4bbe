/** Measures alternatives side by side, so that a busy machine slows all of them down alike and their ratios stay what they are. */

/** One piece of what an alternative does, short enough that a change of load between two pieces is small. What it returns is checked. */
export type Step = () => number;

export interface InterleaveOptions {
  /** Rounds that count; each runs every step of every alternative once. */
  readonly rounds: number;
  /** Rounds before that, for the just-in-time compiler. */
  readonly warmUp: number;
}

/** The fewest rounds that a median is taken of. */
const MIN_ROUNDS = 10;

/**
 * The time of each alternative as a multiple of the time of the first one: the median over the rounds.
 * A round runs the first step of all alternatives, then the second, and so on (an alternative with fewer steps sits out the rest);
 * the order within a step turns, so that none always runs after the same neighbour. Time is processor time.
 */
export function interleave<Name extends string>(
  alternatives: Readonly<Record<Name, readonly Step[]>>,
  { rounds, warmUp }: InterleaveOptions,
): Record<Name, number> {
  if (rounds < MIN_ROUNDS) throw new Error(`a median of ${String(rounds)} rounds says little; take ${String(MIN_ROUNDS)} or more`);
  const contestants = Object.entries<readonly Step[]>(alternatives).map(([name, steps]) => ({
    name: name as Name, steps, time: 0, ratios: [] as number[], results: [] as number[],
  }));
  const stepCount = Math.max(...contestants.map(({ steps }) => steps.length));
  for (let round = -warmUp; round < rounds; round++) {
    for (const contestant of contestants) contestant.time = 0;
    for (let step = 0; step < stepCount; step++) {
      for (let turn = 0; turn < contestants.length; turn++) {
        const contestant = contestants[(Math.abs(round) + step + turn) % contestants.length]!;
        const run = contestant.steps[step];
        if (run === undefined) continue;
        const start = process.cpuUsage();
        const result = run();
        const { user, system } = process.cpuUsage(start);
        contestant.time += user + system;
        // The same input must give the same result in every round: else something is kept from one round to the next.
        if ((contestant.results[step] ??= result) !== result) throw new Error(`${contestant.name} did not do the same work in each round`);
      }
    }
    if (round >= 0) for (const contestant of contestants) contestant.ratios.push(contestant.time / contestants[0]!.time);
  }
  return Object.fromEntries(contestants.map(({ name, ratios }) => [name, median(ratios)])) as Record<Name, number>;
}

/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
