// Clients that wait only so long for a whole answer: how attempts and requests end then, what is tried again, and what
// of the work was in vain.
import { describe, expect, it } from "vitest";
import { CLIENTS, createClient, createStack } from "../../../src/core/demand/clients/registry.js";
import { lives, play, type TinyChanges, waiting } from "./tiny.js";

type Client = NonNullable<NonNullable<TinyChanges["traffic"]>["client"]>;

const queue = { admission: waiting(9) } as const;
const played = (calls: Parameters<typeof play>[0], client: Client, more: TinyChanges = {}) =>
  play(calls, { pool: queue, ...more, traffic: { client, ...more.traffic } });

/** A token a second, from one place. */
const LONG = { at: 0, output: 10 };

describe("a client that bounds an attempt to its last token", () => {
  it("cuts an answer that has begun, and counts what it took as work in vain", () => {
    const run = played([LONG, { at: 1, output: 3 }], { preset: "none", attemptTimeout: "6s" });
    // The place is free from then on for the next, which has waited since 1 s, and is done at 9 s only: too late.
    expect(lives(run)).toEqual([
      "1: timed_out attempt_timeout, 0 (0) to 6",
      "2: timed_out attempt_timeout, 1 (6) to 7",
    ]);
    const { outcomes, reasons, requests, wastedDecodeTokens } = run.result.all;
    expect([outcomes.timed_out, reasons, requests.givenUp]).toEqual([2, { attempt_timeout: 2 }, 2]);
    expect(wastedDecodeTokens).toBe(run.attempts[0]!.outputTokens + run.attempts[1]!.outputTokens);
    expect(wastedDecodeTokens).toBeGreaterThanOrEqual(6);
  });

  it("counts from the sending on, the wait in the queue included", () => {
    const run = played([LONG, { at: 1, output: 3 }], { preset: "none", attemptTimeout: "11.5s" });
    expect(lives(run)).toEqual(["1: completed, 0 (0) to 10", "2: timed_out attempt_timeout, 1 (10) to 12.5"]);
  });

  it("lets an answer through that is done at that very instant", () => {
    expect(lives(played([LONG], { preset: "none", attemptTimeout: "10s" }))).toEqual([
      "1: completed, 0 (0) to 10",
    ]);
  });

  it("tries again what it has cut, whatever has come of it", () => {
    const run = played([LONG], { preset: "fixed", delay: "1s", maxRetries: 2, attemptTimeout: "4s" });
    expect(lives(run)).toEqual([
      "1: timed_out attempt_timeout, 0 (0) to 4",
      "1: timed_out attempt_timeout, 5 (5) to 9",
      "1: timed_out attempt_timeout, 10 (10) to 14",
    ]);
    expect(run.result.all.retries).toEqual({ attempt_timeout: 2 });
  });

  it("numbers what it tries again after a hedge that had lost, too", () => {
    const client = {
      preset: "fixed",
      delay: "1s",
      maxRetries: 2,
      attemptTimeout: "4s",
      hedgeAfter: "500ms",
    } as const;
    const { attempts } = played([LONG], client, { pool: { replicas: 2 } });
    expect(attempts.map(({ attempt, reason, arrived }) => [attempt, reason, arrived])).toEqual([
      [2, "hedge_lost", 0.5],
      [1, "attempt_timeout", 0],
      [4, "hedge_lost", 5.5],
      [3, "attempt_timeout", 5],
      [6, "hedge_lost", 10.5],
      [5, "attempt_timeout", 10],
    ]);
  });

  it("leaves a timeout to the first token that is shorter its reason, and its work", () => {
    const run = played([LONG, { at: 1, output: 1 }], {
      preset: "none",
      timeout: "3s",
      attemptTimeout: "20s",
    });
    expect(lives(run)).toEqual(["2: timed_out client_timeout, 1 to 4", "1: completed, 0 (0) to 10"].sort());
  });

  it("lets the fleet work on unseen where it is told to abandon, and frees the place only at the end", () => {
    const client = { preset: "none", attemptTimeout: "4s", onTimeout: "abandon" } as const;
    const run = played([LONG, { at: 8, output: 1 }], client);
    expect(lives(run)).toEqual(["1: timed_out attempt_timeout, 0 (0) to 4", "2: completed, 8 (10) to 11"]);
    expect(run.result.all.wastedDecodeTokens).toBe(10);
  });
});

describe("a client that bounds a request over all its attempts", () => {
  const refusing = { admission: { policy: "tail-drop", maxQueue: 0 } } as const;

  it("gives up for good, however many retries are left", () => {
    const client = { preset: "fixed", delay: "1s", attemptTimeout: "4s", requestTimeout: "7s" } as const;
    expect(lives(played([LONG], client))).toEqual([
      "1: timed_out attempt_timeout, 0 (0) to 4",
      "1: timed_out request_timeout, 5 (5) to 7",
    ]);
  });

  it("makes no retry that would come too late", () => {
    const client = { preset: "fixed", delay: "2s", maxRetries: 9, requestTimeout: "4s" } as const;
    const run = played([LONG, { at: 1, output: 1 }], client, { pool: refusing });
    // Refused at 1 and 3 s; the next would leave at 5 s, when its time is over.
    expect(lives(run).filter((line) => line.startsWith("2"))).toEqual([
      "2: overloaded overloaded_capacity, 1 to 1",
      "2: overloaded overloaded_capacity, 3 to 3",
    ]);
    expect(run.result.all.requests).toMatchObject({ givenUp: 2, open: 0 });
  });

  it("takes no fallback once that is over", () => {
    const client = { preset: "none", requestTimeout: "4s" } as const;
    const run = played([LONG], client, { traffic: { fallback: ["fast"] } });
    expect(lives(run)).toEqual(["1: timed_out request_timeout, 0 (0) to 4"]);
  });

  it("gives up both attempts where one was sent beside the other", () => {
    const client = { preset: "none", requestTimeout: "5s", hedgeAfter: "2s" } as const;
    const run = played([LONG, { at: 0, output: 9 }], client);
    const ends = lives(run).filter((line) => line.startsWith("2"));
    expect(ends).toEqual([
      "2: timed_out request_timeout, 0 to 5",
      "2: timed_out request_timeout, 2 (5) to 5",
    ]);
    expect(run.result.all.requests).toMatchObject({ offered: 2, givenUp: 2, open: 0 });
  });
});

it("is what each client has by itself: the router of LiteLLM alone bounds an attempt", () => {
  const bounded = CLIENTS.map(({ name }) => createClient(name, {})).filter(
    ({ attemptTimeout, requestTimeout }) => attemptTimeout !== undefined || requestTimeout !== undefined,
  );
  expect(bounded.map(({ name, attemptTimeout }) => [name, attemptTimeout])).toEqual([
    ["litellm-router", 6e9],
  ]);
});

it("is of a stack's innermost for an attempt, and of its outermost for a request", () => {
  const { attemptTimeout, requestTimeout } = createStack(["vercel-ai", "litellm-router"], {
    requestTimeout: 5e6 as never,
  });
  expect([attemptTimeout, requestTimeout]).toEqual([6e9, 5e6]);
});
