// How long callers wait for a first token: over all attempts of a request, and beside whatever their client does.
import { describe, expect, it } from "vitest";
import { lives, play, type TinyChanges, waiting } from "../../engine/tiny.js";

const queue = { admission: waiting(9) } as const;
const patient = (patience: number, client: NonNullable<TinyChanges["traffic"]>["client"] = "none") =>
  ({ patience, client }) as const;
/** The only server is busy for that long. */
const busy = (seconds: number) => ({ at: 0, output: seconds, account: "first" });

describe("a caller whose patience ends", () => {
  it("leaves the queue, and the request is over", () => {
    const run = play([busy(6), { at: 1, output: 2 }, { at: 2, output: 1 }], {
      pool: queue,
      traffic: patient(3, "naive"),
    });
    expect(lives(run)).toEqual([
      "1: completed, 0 (0) to 6",
      "2: cancelled caller_gone, 1 to 4",
      "3: cancelled caller_gone, 2 to 5",
    ]);
    const { requests, outcomes, reasons, retries } = run.result.all;
    expect(requests).toMatchObject({ offered: 3, completed: 1, failed: 2, givenUp: 2, open: 0 });
    expect([outcomes.cancelled, reasons, retries]).toEqual([2, { caller_gone: 2 }, {}]);
    expect(run.attempts.filter(({ reason }) => reason === "caller_gone").map(({ status }) => status)).toEqual(
      [0, 0],
    );
  });

  it("takes its work off the server, which is free for the next", () => {
    // Its first token would come after 10 s of prefill.
    const replica = { engine: "slots", slots: 1, tokensPerSecond: 1, prefillTokensPerSecond: 1 } as const;
    const run = play(
      [
        { at: 0, output: 3, input: 10 },
        { at: 1, output: 3, input: 1 },
      ],
      { pool: { ...queue, replica }, traffic: patient(4) },
    );
    expect(lives(run)).toEqual([
      "1: cancelled caller_gone, 0 (0) to 4",
      "2: cancelled caller_gone, 1 (4) to 5",
    ]);
    expect(run.result.all.wastedPrefillTokens).toBe(5);
  });

  it("stays for the rest of an answer that has begun", () => {
    expect(lives(play([busy(9)], { traffic: patient(2) }))).toEqual(["1: completed, 0 (0) to 9"]);
  });

  it("counts from the first attempt on, and waits for no retry that comes later", () => {
    const client = { preset: "fixed", delay: "2s", maxRetries: 9 } as const;
    const run = play([busy(100), { at: 1, output: 1 }], {
      traffic: patient(5, client),
      more: { duration: "20s" },
    });
    // Refused at 1, 3 and 5 s; patience ends at 6 s, and the next try would be at 7 s.
    expect(lives(run).slice(1)).toEqual([
      "2: overloaded overloaded_capacity, 1 to 1",
      "2: overloaded overloaded_capacity, 3 to 3",
      "2: overloaded overloaded_capacity, 5 to 5",
    ]);
    expect(run.attempts.at(-1)).toMatchObject({ request: 1 });
    expect(run.result.all.requests).toMatchObject({ failed: 1, givenUp: 1, open: 1 });
    expect(run.result.all.retries).toEqual({ overloaded_capacity: 2 });
  });

  it("still makes the retry that comes in time", () => {
    const client = { preset: "fixed", delay: "2s", maxRetries: 9 } as const;
    const run = play([busy(4), { at: 1, output: 1 }], { traffic: patient(5, client) });
    expect(lives(run).slice(1)).toEqual([
      "2: overloaded overloaded_capacity, 1 to 1",
      "2: overloaded overloaded_capacity, 3 to 3",
      "2: completed, 5 (5) to 6",
    ]);
  });
});

describe("patience beside a client's timeout", () => {
  const calls = [busy(100), { at: 1, output: 1 }];
  const run = (patience: number, onTimeout: "cancel" | "abandon") =>
    lives(
      play(calls, {
        pool: queue,
        traffic: patient(patience, { preset: "naive", timeout: "3s", onTimeout }),
        more: { duration: "20s" },
      }),
    ).slice(1);

  it.each(["cancel", "abandon"] as const)("the earlier of the two ends the attempt, with %s", (onTimeout) => {
    expect(run(2, onTimeout)).toEqual(["2: cancelled caller_gone, 1 to 3"]);
    expect(run(4, onTimeout)).toEqual([
      "2: timed_out client_timeout, 1 to 4",
      "2: cancelled caller_gone, 4 to 5",
    ]);
  });

  it("at the same instant the caller is gone, and nothing is tried again", () => {
    expect(run(3, "cancel")).toEqual(["2: cancelled caller_gone, 1 to 4"]);
  });

  it("ends a hedge as well", () => {
    const hedging = { preset: "none", hedgeAfter: "1s" } as const;
    const hedged = play(calls, { pool: queue, traffic: patient(3, hedging), more: { duration: "20s" } });
    expect(lives(hedged).slice(1)).toEqual([
      "2: cancelled caller_gone, 1 to 4",
      "2: cancelled caller_gone, 2 to 4",
    ]);
    expect(hedged.result.all.requests).toMatchObject({ offered: 2, failed: 1, open: 1 });
  });
});

describe("patience that is drawn", () => {
  it("shifts nothing else: the same requests of the same lengths arrive at the same times", () => {
    const traffic = {
      arrivals: { process: "poisson", rate: 1 },
      input: { dist: "exponential", mean: 50 },
      output: { dist: "exponential", mean: 3 },
    } as const;
    const demand = (changes: TinyChanges["traffic"]) =>
      play([], { pool: queue, traffic: { ...traffic, ...changes }, more: { duration: "200s" } })
        .attempts.filter(({ arrived }) => arrived < 200)
        .map(({ request, arrived, inputTokens }) => `${request} at ${arrived}: ${inputTokens}`)
        .sort();
    const impatient = demand({ patience: { dist: "exponential", mean: 2 } });
    expect(impatient.length).toBeGreaterThan(100);
    expect(impatient).toEqual(demand({}));
  });
});
