/** Runs something under every sequence of choices, depth first. */

/** Picks one of `options` (at least one). */
export type Choose = (options: number) => number;

/** Gives the result of `run` for each sequence of choices it makes; throws when there are more than `limit`. */
export async function exploreChoices<T>(run: (choose: Choose) => Promise<T>, limit = 60_000): Promise<T[]> {
  const results: T[] = [];
  const taken: number[] = [];
  const widths: number[] = [];
  for (;;) {
    let position = 0;
    const choose: Choose = (options) => {
      const index = position++;
      if (index < taken.length) return taken[index]!;
      taken.push(0);
      widths.push(options);
      return 0;
    };
    results.push(await run(choose));
    if (results.length > limit) throw new Error(`more than ${String(limit)} executions`);
    while (taken.length > 0 && taken.at(-1)! + 1 >= widths.at(-1)!) {
      taken.pop();
      widths.pop();
    }
    if (taken.length === 0) return results;
    taken.push(taken.pop()! + 1);
  }
}
