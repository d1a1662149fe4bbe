import type { Reported } from './annotate.ts';
import { topLevelName, type Fixture, type Unit } from './parse-fixture.ts';

/**
 * What is wrong with `reports`, measured by the names in the fixture alone, one sentence each:
 * every `…Bad` breaks the rules it is there for and no others, and nothing else is reported.
 * In a known miss every `…Bad` must still be missed, in a known false alarm every `…Ok` still be reported;
 * once it is not, the file has to be renamed.
 */
export function judgeFixture(fixture: Fixture, reports: readonly Reported[]): string[] {
  const found = new Map<Unit, Reported[]>(fixture.units.map((unit) => [unit, []]));
  for (const report of reports) found.get(unitAround(fixture, report))?.push(report);

  const problems: string[] = [];
  for (const unit of fixture.units) {
    const own = found.get(unit) ?? [];
    const broken = [...new Set(own.map((report) => report.rule))].sort();
    const seen = own.map((report) => `${report.rule} in line ${report.line}`).join(', ');
    if (unit.verdict === 'Ok') {
      if (fixture.kind === 'false-alarm' && unit.name !== topLevelName) {
        if (own.length === 0) problems.push(`${unit.name} is no longer reported: drop the prefix fp.`);
      } else if (own.length > 0) {
        problems.push(`${unit.name} is right, but: ${seen}`);
      }
      continue;
    }
    if (fixture.kind === 'miss') {
      if (own.length > 0) problems.push(`${unit.name} is no longer missed (${seen}): drop the prefix fn.`);
      continue;
    }
    if (!unit.rules.some((choice) => choice.join() === broken.join())) {
      const expected = unit.rules.map((choice) => choice.join(' and ')).join(', or ');
      problems.push(`${unit.name} breaks ${expected}, reported: ${seen || 'nothing'}`);
    }
  }
  if (fixture.kind === 'miss' && !fixture.units.some((unit) => unit.verdict === 'Bad')) {
    problems.push('a known miss needs something called …Bad');
  }
  if (fixture.kind === 'false-alarm' && !fixture.units.some((unit) => unit.verdict === 'Ok' && unit.name !== topLevelName)) {
    problems.push('a known false alarm needs something called …Ok');
  }
  return problems;
}

function unitAround(fixture: Fixture, report: Reported): Unit {
  const start = offsetOf(fixture.text, report.line, report.column);
  // Outer units come before inner ones, so the last one around the report is the innermost.
  const around = fixture.units.filter((unit) => unit.range[0] <= start && start < unit.range[1]);
  const innermost = around.at(-1);
  if (innermost === undefined) throw new Error(`${fixture.path}: line ${report.line} lies outside the file`);
  return innermost;
}

function offsetOf(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
}
