/** How long nobody may ask before all answers are forgotten, in milliseconds. */
const PAUSE = 2000;
/** How long an answer is believed at most, however often it is asked for. */
const SPAN = 10_000;

/**
 * Answers about where files lie. They are asked for again and again within one lint run, and an editor, whose process lives on, must see a
 * new file without a restart: so all of them are forgotten after a pause, as there is one when somebody makes a file, and every now and then.
 * What is in a file is never kept so (`source-files.ts`).
 */
export class RecentAnswers<Answer> {
  private readonly answers = new Map<string, Answer>();
  private since = -Infinity;
  private askedAt = -Infinity;
  private times = 0;
  private readonly now: () => number;

  /** `now` gives the time in milliseconds. */
  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** How often the answers were forgotten so far: as long as it is the same, every answer is. */
  turn(): number {
    const time = this.now();
    if (time - this.askedAt >= PAUSE || time - this.since >= SPAN) {
      this.answers.clear();
      this.since = time;
      this.times++;
    }
    this.askedAt = time;
    return this.times;
  }

  /** The answer to `key`: the recent one, else what `find` gives. */
  answer(key: string, find: () => Answer): Answer {
    this.turn();
    const known = this.answers.get(key);
    if (known !== undefined || this.answers.has(key)) return known as Answer;
    const found = find();
    this.answers.set(key, found);
    return found;
  }
}
