/**
 * What happens after the code that asked for it has run: driver callbacks, timers, events.
 *
 * The order is fixed, so that the same choices always give the same execution: promise reactions first (they are
 * JavaScript's own), then `process.nextTick`, then driver callbacks, timers and immediates in the order in which they were asked for
 * (delays are not looked at), and what an emitter fires at the end of its life when nothing else is left. Who wins a
 * `Promise.race` or `Promise.any` is a choice of the explorer instead, because there the order is the point.
 */
export type TaskPhase = 'next-tick' | 'queued' | 'last';

export type Task = () => void;

/** More tasks than this in one execution: the program goes round in circles. */
const MAX_TASKS = 60;

export class TaskQueue {
  private readonly phases: Readonly<Record<TaskPhase, Task[]>> = { 'next-tick': [], queued: [], last: [] };
  private taken = 0;

  add(phase: TaskPhase, task: Task): void {
    this.phases[phase].push(task);
  }

  /** Takes back a task that has not run (`clearTimeout`). */
  cancel(task: Task): void {
    for (const tasks of Object.values(this.phases)) {
      const index = tasks.indexOf(task);
      if (index >= 0) tasks.splice(index, 1);
    }
  }

  /** The next task, or undefined when nothing is left to do. */
  take(): Task | undefined {
    const task = this.phases['next-tick'].shift() ?? this.phases.queued.shift() ?? this.phases.last.shift();
    if (task) this.taken++;
    return task;
  }

  get isEmpty(): boolean {
    return Object.values(this.phases).every((tasks) => tasks.length === 0);
  }

  /** Did more tasks run than a program that comes to an end needs? */
  get isOverBound(): boolean {
    return this.taken > MAX_TASKS;
  }

  clear(): void {
    for (const tasks of Object.values(this.phases)) tasks.length = 0;
    this.taken = 0;
  }
}

/** Resolves when every promise reaction that can run has run. */
export function drainReactions(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
