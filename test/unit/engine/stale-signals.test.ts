import { describe, expect, it } from "vitest";
import { lives, play, waiting } from "./tiny.js";

describe("stale signals", () => {
  // Renewed at 0, 4, 8 ... s.
  const signals = { period: "4s" };

  it("shed what a live copy would admit; what they let in wrongly is shed all the same where none may wait", () => {
    const calls = [
      { at: 0, output: 3 },
      { at: 1, output: 1 },
      { at: 5, output: 1 },
      { at: 7.5, output: 1 },
      { at: 8.5, output: 1 },
    ];
    const live = lives(play(calls));
    const stale = lives(play(calls, { pool: { signals } }));
    expect(live).toEqual([
      "1: completed, 0 (0) to 3",
      "2: overloaded overloaded_capacity, 1 to 1",
      "3: completed, 5 (5) to 6",
      "4: completed, 7.5 (7.5) to 8.5",
      "5: completed, 8.5 (8.5) to 9.5",
    ]);
    // The copy of 0 s is empty and lets the second one in, which finds no slot and no place in the queue; that of 4 s
    // is right; that of 8 s still has the fourth one, which has left by 8.5 s.
    expect(stale).toEqual([
      "1: completed, 0 (0) to 3",
      "2: overloaded overloaded_capacity, 1 to 1",
      "3: completed, 5 (5) to 6",
      "4: completed, 7.5 (7.5) to 8.5",
      "5: overloaded overloaded_capacity, 8.5 to 8.5",
    ]);
  });

  it("show what was there before an attempt was cut off, too", () => {
    // The first one prefills until its client gives up at 5 s: the copy of 4 s has it, that of 8 s has not.
    const replica = { engine: "slots", slots: 1, tokensPerSecond: 1, prefillTokensPerSecond: 10 } as const;
    const calls = [
      { at: 0, output: 1, input: 1000 },
      { at: 6, output: 1 },
      { at: 8.5, output: 1 },
    ];
    const traffic = { client: { preset: "none", timeout: "5s" } } as const;
    expect(lives(play(calls, { pool: { signals, replica }, traffic }))).toEqual([
      "1: timed_out client_timeout, 0 (0) to 5",
      "2: overloaded overloaded_capacity, 6 to 6",
      "3: completed, 8.5 (8.5) to 10.5",
    ]);
  });

  it("leave no slot idle beside a queue: what waits starts when there is room", () => {
    const calls = [
      { at: 0, output: 6 },
      { at: 2, output: 1 },
    ];
    const stale = lives(play(calls, { pool: { signals, admission: waiting(1) } }));
    expect(stale[1]).toBe("2: completed, 2 (6) to 7");
    expect(stale).toEqual(lives(play(calls, { pool: { admission: waiting(1) } })));
  });

  it("do not stretch the queue beyond its bound, and let a higher rank in at the end of it", () => {
    // All arrive on the copy of 0 s, which is empty.
    const calls = [
      { at: 0, output: 3 },
      { at: 1, output: 1 },
      { at: 1.5, output: 1 },
      { at: 2, output: 1, tier: "priority" },
    ];
    expect(lives(play(calls, { pool: { signals, admission: waiting(1) } }))).toEqual([
      "1: completed, 0 (0) to 3",
      "2: overloaded displaced, 1 to 2",
      "3: overloaded overloaded_capacity, 1.5 to 1.5",
      "4: completed, 2 (3) to 4",
    ]);
  });

  const outcomes = (calls: Parameters<typeof play>[0], changes: object) =>
    lives(play(calls, { pool: { signals: { ...signals, ...changes } } })).map((life) => life.split(" ")[1]);

  it("are seen once they have travelled, and until the first has, those of the start", () => {
    const calls = [
      { at: 0, output: 5 },
      { at: 5.5, output: 1 },
      { at: 7.5, output: 1 },
    ];
    expect(outcomes(calls, {})).toEqual(["completed,", "overloaded", "overloaded"]);
    // At 5.5 s the copy of the start is still seen, which is empty; at 7.5 s that of 4 s, which is full.
    expect(outcomes(calls, { age: "3s" })).toEqual(["completed,", "completed,", "overloaded"]);
  });

  it("stay as they were for longer where copies get lost", () => {
    // The copy of 4 s is full, that of 8 s is empty, and so on: the call after that is shed if it is lost.
    const pairs = Array.from({ length: 60 }, (_, index) => [
      { at: 8 * index + 3, output: 2 },
      { at: 8 * index + 9, output: 1 },
    ]);
    const calls = [{ at: 0, output: 1 }, ...pairs.flat()];
    const shedWith = (loss: string) => outcomes(calls, { loss }).filter((one) => one === "overloaded").length;
    expect(shedWith("0%")).toBe(0);
    // A quarter of the second calls: the full one arrives, the empty one does not; and more after several losses.
    expect(shedWith("50%")).toBeGreaterThan(10);
    expect(shedWith("50%")).toBeLessThan(60);
    expect(outcomes(calls, { loss: "50%" })).toEqual(outcomes(calls, { loss: "50%" }));
  });

  it("cost no event, however often they are renewed", () => {
    const calls = [
      { at: 0, output: 1 },
      { at: 100, output: 1 },
    ];
    const often = play(calls, { pool: { signals: { period: "1ms" } } }).result;
    expect(often.work.events).toBe(play(calls).result.work.events);
  });
});
