import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, NEVER } from "../../../src/core/base/units.js";
import { type EventHandle, EventQueue, NO_EVENT } from "../../../src/core/kernel/event-queue.js";
import { Phase } from "../../../src/core/kernel/phase.js";

/** What the queue must behave like: a list that is searched for the least (time, phase, sequence). */
interface Entry {
  handle: EventHandle;
  at: number;
  readonly phase: Phase;
  sequence: number;
  readonly subject: number;
}

class ListModel {
  readonly entries: Entry[] = [];
  #sequence = 0;

  schedule(handle: EventHandle, at: number, phase: Phase, subject: number): void {
    this.entries.push({ handle, at, phase, sequence: this.#sequence++, subject });
  }

  reschedule(entry: Entry, at: number): void {
    entry.at = at;
    entry.sequence = this.#sequence++;
  }

  remove(entry: Entry): void {
    this.entries.splice(this.entries.indexOf(entry), 1);
  }

  get head(): Entry | undefined {
    const isBefore = (a: Entry, b: Entry) => a.at - b.at || a.phase - b.phase || a.sequence - b.sequence;
    return [...this.entries].sort(isBefore)[0];
  }
}

// Few times and phases, so that ties are the rule.
const time = fc.integer({ min: 0, max: 12 });
const phase = fc.constantFrom(...Object.values(Phase));
const choice = fc.nat({ max: 1000 });
/** Looked at only now and then: a look puts in order what was left undone. */
const isSeen = fc.boolean();
const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("schedule" as const), time, phase }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("pop" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cancel" as const), choice }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("reschedule" as const), choice, time }) },
);

type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

/** Does the same to both; undefined, or how they differ. */
function apply(
  queue: EventQueue,
  model: ListModel,
  command: Command,
  subject: number,
  isSeen: boolean,
): string | undefined {
  const entry = "choice" in command ? model.entries[command.choice % model.entries.length] : undefined;
  switch (command.kind) {
    case "schedule": {
      const handle = queue.schedule(instant(command.time), command.phase, subject % 7, subject);
      if (model.entries.some((other) => other.handle === handle)) return "two events share a handle";
      model.schedule(handle, command.time, command.phase, subject);
      break;
    }
    case "pop": {
      const { head } = model;
      if (queue.pop() !== (head !== undefined)) return "pop tells whether there was something";
      if (head === undefined) break;
      model.remove(head);
      const isSame =
        queue.time === head.at && queue.subject === head.subject && queue.kind === head.subject % 7;
      if (!isSame || queue.isPending(head.handle)) return `popped ${queue.subject}, not ${head.subject}`;
      break;
    }
    case "cancel":
      if (entry === undefined) break;
      queue.cancel(entry.handle);
      model.remove(entry);
      if (queue.isPending(entry.handle)) return "a cancelled event is not pending";
      break;
    case "reschedule":
      if (entry === undefined) break;
      queue.reschedule(entry.handle, instant(command.time));
      model.reschedule(entry, command.time);
      break;
  }
  const { head } = model;
  if (queue.size !== model.entries.length) return "size";
  if (!isSeen) return undefined;
  if (queue.nextAt !== (head?.at ?? NEVER)) return "nextAt";
  if (head !== undefined && queue.nextPhase !== head.phase) return "nextPhase";
  return model.entries.every((each) => queue.isPending(each.handle)) ? undefined : "isPending";
}

describe("event queue", () => {
  it("behaves like a sorted list, whatever is scheduled, popped, cancelled and rescheduled", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(command, isSeen), { maxLength: 120 }),
        fc.integer({ min: 1, max: 4 }),
        (commands, capacity) => {
          const queue = new EventQueue(capacity);
          const model = new ListModel();
          for (const [subject, [each, seen]] of commands.entries()) {
            const difference = apply(queue, model, each, subject, seen);
            if (difference !== undefined) throw new Error(difference);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it("pops equal events first in, first out, far beyond its first capacity", () => {
    const queue = new EventQueue(2);
    for (let subject = 0; subject < 5000; subject++) queue.schedule(instant(7), Phase.step, 0, subject);
    const popped = Array.from({ length: 5000 }, () => queue.pop() && queue.subject);
    expect(popped).toEqual(Array.from({ length: 5000 }, (_, subject) => subject));
    expect(queue.pop()).toBe(false);
  });

  it("puts a rescheduled event behind its equals, as if it were new", () => {
    const queue = new EventQueue();
    const moved = queue.schedule(instant(1), Phase.step, 0, 1);
    queue.schedule(instant(5), Phase.step, 0, 2);
    queue.reschedule(moved, instant(5));
    expect([queue.pop() && queue.subject, queue.pop() && queue.subject]).toEqual([2, 1]);
  });

  it("pops events of fixed places in their order, however often and late they were set", () => {
    const queue = new EventQueue(2);
    const at = instant(5);
    const moved = queue.scheduleInPlace(instant(9), Phase.completion, 2, 0, 2);
    queue.scheduleInPlace(at, Phase.step, 3, 0, 30);
    for (const place of [4, 0, 3, 1]) queue.scheduleInPlace(at, Phase.step, place, 0, place);
    queue.rescheduleInPlace(moved, at, Phase.step, 2);
    queue.scheduleInPlace(at, Phase.arrival, 99, 0, 99);
    const popped = Array.from({ length: 7 }, () => queue.pop() && queue.subject);
    expect(popped.filter((subject) => subject !== 30)).toEqual([99, 0, 1, 2, 3, 4]);
  });

  it("reuses handles, so that memory does not grow with the number of events", () => {
    const queue = new EventQueue(4);
    const handles = new Set<EventHandle>();
    for (let count = 0; count < 100; count++) {
      handles.add(queue.schedule(instant(count), Phase.arrival, 0, 0));
      queue.pop();
    }
    expect(handles.size).toBe(1);
  });

  it("has nothing next when it is empty", () => {
    expect(new EventQueue().nextAt).toBe(NEVER);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses the time %s", (at) => {
    const queue = new EventQueue();
    const handle = queue.schedule(instant(1), Phase.step, 0, 0);
    expect(() => queue.schedule(at as never, Phase.step, 0, 0)).toThrow("has a time");
    expect(() => queue.reschedule(handle, at as never)).toThrow("has a time");
    expect(queue.size).toBe(1);
  });

  it("refuses to cancel or move what is not pending", () => {
    const queue = new EventQueue(4);
    const popped = queue.schedule(instant(1), Phase.step, 0, 0);
    queue.pop();
    for (const dead of [popped, NO_EVENT, 3, 4, 99]) {
      expect(() => queue.cancel(dead)).toThrow("pending");
      expect(() => queue.reschedule(dead, instant(2))).toThrow("pending");
    }
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses a capacity of %s", (capacity) => {
    expect(() => new EventQueue(capacity)).toThrow("capacity");
  });
});
