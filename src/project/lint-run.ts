import { RecentAnswers } from './recent-answers.ts';
import type { SourceText } from './source-files.ts';

/**
 * A linter that goes through files, each once, looks at what they import again and again, and asking the file system whether that has changed costs more than
 * reading it. So a text is looked at once while such a run goes on; the next run begins when a file is linted again (an editor does that
 * whenever something is typed), or when the answers about the file system are forgotten (`recent-answers.ts`).
 */
export class LintRun {
  private readonly clock: RecentAnswers<never>;
  private turn = 0;
  private texts = new Map<string, SourceText | undefined>();
  private linted = new Set<string>();

  /** `now` gives the time in milliseconds. */
  constructor(now?: () => number) {
    this.clock = new RecentAnswers(now);
  }

  /** The texts that were looked at in the run to which the lint of the file at `path` belongs: a map that it goes on with. */
  textsFor(path: string): Map<string, SourceText | undefined> {
    const turn = this.clock.turn();
    if (turn !== this.turn || this.linted.has(path)) {
      this.turn = turn;
      this.texts = new Map();
      this.linted = new Set();
    }
    this.linted.add(path);
    return this.texts;
  }
}
