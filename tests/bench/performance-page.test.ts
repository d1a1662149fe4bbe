import { expect, it } from 'vitest';
import { describeRepository, judgeMeasurement, repositorySectionOf, withRepository, writePerformancePage } from './performance-page.ts';

const measured = (ratio: number, control?: number) => ({ subject: 'files', ratio, target: 1.1, ...(control === undefined ? {} : { control }) });

it('allows the tolerance above the target and no more', () => {
  expect(judgeMeasurement(measured(1.12), 0.02)).toBe('met');
  expect(judgeMeasurement(measured(1.13), 0.02)).toBe('missed');
});

it('does not judge a figure that lies nearer to its target than the control to one', () => {
  expect(judgeMeasurement(measured(1.05, 0.92), 0.02)).toBe('unclear');
  expect(judgeMeasurement(measured(1.15, 1.08), 0.02)).toBe('unclear');
  expect(judgeMeasurement(measured(1.4, 0.92), 0.02)).toBe('missed');
  expect(judgeMeasurement(measured(1, 1.05), 0.02)).toBe('met');
  expect(judgeMeasurement(measured(1.09, 1.01), 0.02)).toBe('met');
});

it('shows a missed target in the table', () => {
  const page = writePerformancePage({
    date: '2026-01-01', eslint: '10', node: '20', rounds: 11, tolerance: 0.02, lint: [measured(1.4, 1)], relint: [{ subject: 'an edit', baseline: 20, milliseconds: 2.14, ratio: 1.1 }], growth: [{ subject: 'lines', ratio: 2, target: 2.3 }], memory: [measured(1.1)],
  });
  expect(page).toContain('| files | 1.40× | 1.00× | 1.10× | **no** |');
  expect(page).toContain('| an edit | 20.0 ms | 2.1 ms | 1.10× |');
  expect(page).toContain('| lines | 2.00× | 2.30× | yes |');
  expect(page).toContain('| files | 1.10× |  | 1.10× | yes |');
});

it('keeps one section on a whole repository, the newest', () => {
  const page = writePerformancePage({ date: '2026-01-01', eslint: '10', node: '20', rounds: 11, tolerance: 0.02, lint: [], relint: [], growth: [], memory: [] });
  const section = (ratio: number): string =>
    describeRepository({ date: '2026-01-02', name: 'a/b', files: 7, reports: 1, rounds: 3, time: measured(ratio, 1), memory: measured(1.05, 1) }, 0.02);
  expect(repositorySectionOf(page)).toBe('');
  const first = withRepository(page, section(1.4));
  expect(first).toContain('| processor time | 1.40× | 1.00× | 1.10× | **no** |');
  const second = withRepository(first, section(1.08));
  expect(repositorySectionOf(second)).toBe(section(1.08));
  expect(second).not.toContain('1.40×');
  expect(withRepository(second, '')).toBe(page);
});
