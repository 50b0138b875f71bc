import { describe, expect, it } from "vitest";
import { lives, play, waiting } from "./tiny.js";

describe("an outage", () => {
  const outages = [{ pool: "shared", from: "3s", for: "4s" }];
  const calls = [
    { at: 0, output: 10 },
    { at: 1, output: 1 },
    { at: 2, output: 1, tier: "priority" },
    { at: 3, output: 1 },
    { at: 4, output: 1, tier: "fast" },
    { at: 6.999999, output: 1 },
    { at: 7, output: 1 },
  ];
  const run = play(calls, { pool: { admission: waiting(5) }, more: { outages } });

  it("ends all attempts in the pool, waiting or running, and refuses until it is over", () => {
    expect(lives(run)).toEqual([
      "1: unavailable outage, 0 (0) to 3",
      "2: unavailable outage, 1 to 3",
      "3: unavailable outage, 2 to 3",
      "4: unavailable outage, 3 to 3",
      "5: completed, 4 (4) to 4.5",
      "6: unavailable outage, 6.999999 to 6.999999",
      "7: completed, 7 (7) to 8",
    ]);
  });

  it("takes nothing from what completes in its first instant, nor from a first token, but what starts in that room", () => {
    const ties = [
      { at: 0, output: 3 },
      { at: 2, output: 2 },
      { at: 2.5, output: 1 },
      { at: 3, output: 1 },
    ];
    const replica = { engine: "slots", slots: 2, tokensPerSecond: 1 } as const;
    const { attempts } = play(ties, { pool: { admission: waiting(5), replica }, more: { outages } });
    expect([...attempts].sort((a, b) => a.request - b.request)).toMatchObject([
      { outcome: "completed", started: 0, ended: 3, outputTokens: 3 },
      { outcome: "unavailable", status: 200, started: 2, firstToken: 3, ended: 3, outputTokens: 1 },
      { outcome: "unavailable", status: 503, started: 3, firstToken: null, ended: 3, outputTokens: 0 },
      { outcome: "unavailable", status: 503, started: null, ended: 3 },
    ]);
  });

  it("keeps count of what the running ones had generated", () => {
    expect(run.attempts.find(({ request }) => request === 1)).toMatchObject({ status: 200, outputTokens: 3 });
    expect(run.result.all).toMatchObject({ unavailableRate: 5 / 7, overloadedRate: 0, outputTokens: 2 });
  });

  it("breaks off a stream, which has answered 200 and is not retried; an attempt without a token is", () => {
    const calm = [
      { at: 0, output: 10 },
      { at: 1, output: 1 },
      { at: 2, output: 1, tier: "fast" },
    ];
    const traffic = { client: "openai-node-6" } as const;
    const more = { outages: [{ pool: "shared", from: "3s", for: "100ms" }] };
    const { attempts, result } = play(calm, { pool: { admission: waiting(5) }, traffic, more });
    const [broken, ...others] = attempts.filter(({ request }) => request === 1);
    expect([broken, others]).toMatchObject([
      { outcome: "unavailable", status: 200, firstToken: 1, outputTokens: 3, retryIn: null },
      [],
    ]);
    const [waited, again] = attempts.filter(({ request }) => request === 2);
    expect([waited!.status, waited!.retryIn! > 0, again!.outcome]).toEqual([503, true, "completed"]);
    expect(result.all.requests).toMatchObject({ offered: 3, attempts: 4, completed: 2, failed: 1 });
  });

  it("charges attempts that it breaks off for what was generated, and no others", () => {
    const limits = { generatedTokens: { rate: "1/h", burst: 3 }, outputAccounting: "post-charge" } as const;
    const owing = [
      { at: 0, output: 9, account: "ann" },
      { at: 1, output: 9, account: "bob" },
      { at: 5, output: 1, account: "ann" },
      { at: 5, output: 1, account: "bob" },
    ];
    const more = { limits, outages: [{ pool: "shared", from: "3s", for: "1s" }] };
    expect(lives(play(owing, { pool: { admission: waiting(5) }, more })).slice(2)).toEqual([
      "3: rate_limited generated_tokens, 5 to 5",
      "4: completed, 5 (5) to 6",
    ]);
  });

  it("charges no request that comes in it", () => {
    const limited = { outages, limits: { requests: { rate: "1/h", burst: 1 } } } as const;
    const patient = [
      { at: 0, output: 1 },
      { at: 3, output: 1 },
      { at: 7, output: 1 },
    ].map((call) => ({ ...call, account: `${call.at > 0}` }));
    expect(lives(play(patient, { more: limited })).slice(1)).toEqual([
      "2: unavailable outage, 3 to 3",
      "3: completed, 7 (7) to 8",
    ]);
  });
});
