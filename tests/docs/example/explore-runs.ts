/** Picks one of `options` ways to go on: 0 is the first. */
export type Choose = (options: number) => number;

/**
 * Runs `run` once for every sequence of choices it can make. Choices beyond `depth` are always 0, so that loops end;
 * the first option must therefore be the one that lets the program finish.
 *
 * @returns the number of runs
 */
export async function exploreRuns(depth: number, run: (choose: Choose) => Promise<void>): Promise<number> {
  let runs = 0;
  let prefix: number[] | undefined = [];
  while (prefix) {
    const taken: { choice: number; options: number }[] = [];
    const planned: number[] = prefix;
    await run((options) => {
      if (taken.length >= depth) return 0;
      const choice = planned[taken.length] ?? 0;
      taken.push({ choice, options });
      return choice;
    });
    runs += 1;

    while (taken.length > 0 && taken.at(-1)!.choice + 1 >= taken.at(-1)!.options) taken.pop();
    const last = taken.pop();
    prefix = last && [...taken.map((entry) => entry.choice), last.choice + 1];
  }
  return runs;
}
