// What a fault will do, in the order of time, and of what falls on one instant in the order in which it was planned.
// There may be much of it: where each node fails by itself, the next time of every node of a fleet.
import { type Instant, NEVER } from "../../../base/units.js";
import { EventQueue } from "../../../kernel/event-queue.js";
import { Phase } from "../../../kernel/phase.js";
import type { Onsets } from "./chance/onsets.js";
import type { Fault, Toll } from "./fault.js";

const FIRST_CAPACITY = 16;

/** May plan more, not before now. */
export type Step = (now: Instant, toll: Toll) => void;

export class Agenda implements Fault {
  readonly #queue = new EventQueue(FIRST_CAPACITY);
  /** By the subject of its event; those that are done leave their places to others. */
  readonly #steps: (Step | undefined)[] = [];
  readonly #free: number[] = [];

  plan(at: Instant, step: Step): void {
    if (at >= NEVER) return;
    const place = this.#free.pop() ?? this.#steps.length;
    this.#steps[place] = step;
    this.#queue.schedule(at, Phase.fault, 0, place);
  }

  /** Again and again, at each time for the next. */
  planEach(onsets: Onsets, step: Step): void {
    this.plan(onsets.next, (now, toll) => {
      step(now, toll);
      onsets.advance();
      this.planEach(onsets, step);
    });
  }

  act(now: Instant, toll: Toll): Instant {
    const queue = this.#queue;
    while (queue.nextAt <= now) {
      queue.pop();
      const step = this.#steps[queue.subject]!;
      this.#steps[queue.subject] = undefined;
      this.#free.push(queue.subject);
      step(now, toll);
    }
    return queue.nextAt;
  }
}
