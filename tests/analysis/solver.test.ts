import { describe, expect, it } from 'vitest';
import { solve, type Arrival, type Problem } from '../../src/analysis/solver.ts';

/** A graph as lists of successors; states are strings that are followed as they are. */
function problem(edges: readonly (readonly number[])[], more: Partial<Problem<string>> = {}): Problem<string> {
  return {
    name: '`example`',
    points: edges.length,
    starts: [{ at: 0, state: 'a' }],
    admit: (known, state) => (known.includes(state) ? undefined : state),
    waits: () => false,
    step: ({ at, state }, send) => {
      for (const target of edges[at] ?? []) send('next', target, state);
    },
    ...more,
  };
}

function witness(arrival: Arrival<unknown> | undefined): number[] {
  const path: number[] = [];
  for (let current = arrival; current !== undefined; current = current.from) path.unshift(current.at);
  return path;
}

describe('solve', () => {
  it('finds a shortest witness, whatever the order of the edges', () => {
    // 0 → 1 → 2 → 3 → 4 and the short way 0 → 3 → 4
    expect(witness(solve(problem([[1, 3], [2], [3], [4], []])).at(4)[0])).toEqual([0, 3, 4]);
    expect(witness(solve(problem([[3, 1], [2], [3], [4], []])).at(4)[0])).toEqual([0, 3, 4]);
  });

  it('comes to rest on loops and leaves out what is not reached', () => {
    const solution = solve(problem([[1], [0, 2], [2], [0]]));
    expect(solution.reached.sort()).toEqual([0, 1, 2]);
    expect(solution.reached.every((point) => solution.at(point).length === 1)).toBe(true);
    expect(solution.at(3)).toEqual([]);
  });

  it('follows different states apart, and ignores edges to nowhere', () => {
    const solution = solve(problem([[1], [-1]], { starts: [{ at: 0, state: 'a' }, { at: 0, state: 'b' }] }));
    expect(solution.at(1).map(({ state }) => state)).toEqual(['a', 'b']);
    expect(solution.reached).not.toContain(-1);
  });

  it('goes on with what was admitted, not with what was sent', () => {
    const solution = solve(problem([[1], []], { admit: (known, state) => (known.length > 0 ? undefined : state.toUpperCase()) }));
    expect(solution.at(1).map(({ state }) => state)).toEqual(['A']);
  });

  it('follows what may wait after all the rest, from the first point on, and only the last of those that lie above each other', () => {
    // 0 sends more and more to 2, past 1; what comes to 2 in capitals waits.
    const followed: string[] = [];
    const solution = solve<string>({
      name: '`example`',
      points: 4,
      starts: [{ at: 0, state: 'a' }],
      admit: (known, state) => (known.some((one) => one.startsWith(state)) ? undefined : state),
      waits: (state) => state === state.toUpperCase(),
      step: ({ at, state }, send) => {
        followed.push(`${String(at)}${state}`);
        if (at === 0) for (const more of ['B', 'BC', 'BCD', 'e']) send('next', more === 'e' ? 1 : 2, more);
        if (at === 1) send('next', 3, 'E');
        if (at === 2) send('next', 1, 'f');
      },
    });
    expect(followed).toEqual(['0a', '1e', '2BCD', '1f', '3E']);
    expect(solution.at(2).map(({ state }) => state)).toEqual(['B', 'BC', 'BCD']);
  });

  it('raises an invariant that names the problem when a domain does not come to rest', () => {
    let count = 0;
    const endless = problem([[0]], { admit: () => `state ${String(count++)}` });
    expect(() => solve(endless)).toThrow(/no fixpoint in `example` after \d+ steps/);
  });
});
