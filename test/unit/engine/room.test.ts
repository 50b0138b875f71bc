import { describe, expect, it } from "vitest";
import { lives, play, waiting } from "./tiny.js";

describe("a replica's memory", () => {
  const profile = { base: "1s", perSequence: "0s", perContextToken: "0s", perPrefillToken: "0s" } as const;
  const replica = { engine: "batching", profile, maxSequences: 4, kvTokens: 100, kvBlockTokens: 1 } as const;

  it("ends generation where it is full, and refuses a prompt that leaves no room for a token", () => {
    const run = play(
      [
        { at: 0, output: 50, input: 95 },
        { at: 10, output: 1, input: 100 },
        { at: 11, output: 9, input: 99 },
      ],
      { pool: { replica } },
    );
    expect(lives(run)).toEqual([
      "1: completed, 0 (0) to 5",
      "2: invalid context_length, 10 to 10",
      "3: completed, 11 (11) to 12",
    ]);
    expect(run.attempts.map(({ outputTokens }) => outputTokens)).toEqual([5, 0, 1]);
  });

  it("sheds a request that does not fit where none may wait, though a slot is free", () => {
    const calls = [
      { at: 0, output: 10, input: 50 },
      { at: 0.5, output: 1, input: 49 },
      { at: 1.5, output: 1, input: 9 },
    ];
    expect(lives(play(calls, { pool: { replica } }))).toEqual([
      "1: completed, 0 (0) to 10",
      "2: overloaded overloaded_capacity, 0.5 to 0.5",
      "3: completed, 1.5 (1.5) to 3",
    ]);
  });

  it("gives the place of a lower rank to a higher one that does not fit yet", () => {
    const calls = [
      { at: 0, output: 10, input: 50 },
      { at: 1, output: 1, input: 60 },
      { at: 2, output: 1, input: 60, tier: "priority" },
      { at: 3, output: 1, input: 60, tier: "priority" },
    ];
    expect(lives(play(calls, { pool: { replica, admission: waiting(1) } }))).toEqual([
      "1: completed, 0 (0) to 10",
      "2: overloaded displaced, 1 to 2",
      "3: completed, 2 (10) to 11",
      "4: overloaded overloaded_capacity, 3 to 3",
    ]);
  });

  it("keeps the admitted waiting until enough of it is free", () => {
    const calls = [
      { at: 0, output: 10, input: 50 },
      { at: 0.5, output: 1, input: 49 },
      { at: 1.5, output: 1, input: 9 },
    ];
    expect(lives(play(calls, { pool: { replica, admission: waiting(5) } }))).toEqual([
      "1: completed, 0 (0) to 10",
      "2: completed, 0.5 (10) to 11",
      "3: completed, 1.5 (10) to 11",
    ]);
  });
});

describe("a replica that prefills one prompt at a time", () => {
  const profile = { base: "1s", perSequence: "0s", perContextToken: "0s", perPrefillToken: "0s" } as const;
  const replica = {
    engine: "batching",
    profile,
    maxSequences: 8,
    maxPrefillSequences: 1,
    kvTokens: 1000,
  } as const;
  const calls = [
    { at: 0, output: 5 },
    { at: 0.1, output: 5 },
    { at: 0.2, output: 5 },
    { at: 0.3, output: 5, tier: "priority" },
  ];

  it("leaves the others in the pool, where Priority overtakes Standard, and its tokens come no faster", () => {
    expect(lives(play(calls, { pool: { replica, admission: waiting(5) } }))).toEqual([
      "1: completed, 0 (0) to 5",
      "2: completed, 0.1 (2) to 7",
      "3: completed, 0.2 (3) to 8",
      "4: completed, 0.3 (1) to 6",
    ]);
  });

  it("leaves them there in the order of arrival where the pool is told so", () => {
    const pool = { replica, admission: waiting(5), discipline: "fifo" } as const;
    const starts = play(calls, { pool }).attempts.map(({ request, started }) => [request, started]);
    expect(starts.sort()).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 3],
    ]);
  });

  it("has them under their deadline and within the bound of the queue while they wait", () => {
    expect(lives(play(calls, { pool: { replica, admission: waiting(2, "2.5s") } }))).toEqual([
      "1: completed, 0 (0) to 5",
      "2: completed, 0.1 (2) to 7",
      "3: overloaded displaced, 0.2 to 0.3",
      "4: completed, 0.3 (1) to 6",
    ]);
    expect(lives(play(calls, { pool: { replica, admission: waiting(3, "1.8s") } })).slice(1, 3)).toEqual([
      "2: overloaded queue_timeout, 0.1 to 1.9",
      "3: completed, 0.2 (2) to 7",
    ]);
  });
});
