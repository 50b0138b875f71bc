// Models that come and go, worked out by hand: a replica makes one token a second, requests come at stated times.
import { describe, expect, it } from "vitest";
import type { ScenarioInput } from "../../../src/core/index.js";
import { ByHand } from "../../support/by-hand.js";
import { type Call, lives, play, tinyScenario, waiting } from "./tiny.js";

type PathInput = ScenarioInput["paths"][string];

const paths = (changes: Readonly<Record<string, Partial<PathInput>>>): Partial<ScenarioInput> => {
  const { paths: all } = tinyScenario();
  return {
    paths: Object.fromEntries(
      Object.entries(all).map(([name, path]) => [name, { ...path, ...changes[name] } as PathInput]),
    ),
  };
};
const QUEUE = { admission: waiting(5) };
const each = (...times: readonly number[]): Call[] => times.map((at) => ({ at, output: 3 }));

describe("a model that is launched", () => {
  it("is unknown before, and there at that very instant", () => {
    const run = play(each(0, 9.999999, 10, 20), { more: paths({ standard: { launch: "10s" } }) });
    expect(lives(run)).toEqual([
      "1: invalid unknown_model, 0 to 0",
      "2: invalid unknown_model, 9.999999 to 9.999999",
      "3: completed, 10 (10) to 13",
      "4: completed, 20 (20) to 23",
    ]);
    // What asks for a path of the catalogue counts there, whether it is there yet or not.
    const standard = run.result.tiers.find(({ tier }) => tier === "standard")!;
    expect(standard.reasons.unknown_model).toBe(2);
  });

  it("has its tiers from then on; a tier that comes later is not offered before", () => {
    const calls = [5, 15, 25].map((at) => ({ at, output: 1, tier: "priority" }));
    const launched = (changes: Parameters<typeof paths>[0]) => lives(play(calls, { more: paths(changes) }));
    expect(launched({ standard: { launch: "10s" } })).toEqual([
      "1: invalid unknown_model, 0 to 0",
      "2: completed, 10 (10) to 11",
      "3: completed, 20 (20) to 21",
    ]);
    expect(launched({ priority: { launch: "15s" } })).toEqual([
      "1: invalid tier_not_offered, 0 to 0",
      "2: invalid tier_not_offered, 10 to 10",
      "3: completed, 20 (20) to 21",
    ]);
  });

  it("answers a retry that comes after the launch: the server looks at the time of the call", () => {
    // An outage up to 10 s is what is retried on; a 404 is not, whatever comes later.
    const client: NonNullable<ScenarioInput["traffic"][string]["client"]> = {
      preset: "fixed",
      delay: "4s",
      maxRetries: 5,
    };
    const outages = [{ pool: "shared", from: "0s", for: "10s" }];
    const calls = each(1, 30);
    const of = (life: Partial<PathInput>, more: Partial<ScenarioInput> = {}) =>
      lives(play(calls, { traffic: { client }, more: { ...paths({ standard: life }), ...more } }));
    expect(of({ retire: "40s" }, { outages })).toEqual([
      "1: unavailable outage, 0 to 0",
      "1: unavailable outage, 4 to 4",
      "1: unavailable outage, 8 to 8",
      "1: completed, 12 (12) to 15",
      "2: completed, 29 (29) to 32",
    ]);
    // Retired meanwhile: the retry is told so.
    expect(of({ retire: "10s" }, { outages }).slice(2)).toEqual([
      "1: unavailable outage, 8 to 8",
      "1: invalid unknown_model, 12 to 12",
      "2: invalid unknown_model, 29 to 29",
    ]);
    expect(of({ launch: "2s" })).toEqual(["1: invalid unknown_model, 0 to 0", "2: completed, 29 (29) to 32"]);
  });
});

describe("a model that is retired", () => {
  it("finishes what waits and what runs, and takes nothing more", () => {
    const run = play(each(0, 1, 2, 4, 5), { pool: QUEUE, more: paths({ standard: { retire: "4s" } }) });
    expect(lives(run)).toEqual([
      "1: completed, 0 (0) to 3",
      "2: completed, 1 (3) to 6",
      "3: completed, 2 (6) to 9",
      "4: invalid unknown_model, 4 to 4",
      "5: invalid unknown_model, 5 to 5",
    ]);
  });

  it("leaves others of its pool alone", () => {
    const calls = [
      { at: 0, output: 1 },
      { at: 5, output: 1 },
      { at: 6, output: 1, model: "kimi-fast" },
    ];
    const more = paths({ standard: { retire: "4s" }, fast: { pool: "shared" } });
    expect(lives(play(calls, { more }))).toEqual([
      "1: completed, 0 (0) to 1",
      "2: invalid unknown_model, 5 to 5",
      "3: completed, 6 (6) to 7",
    ]);
  });
});

it("is no matter of a pool that goes by the clock: it has its replicas before the launch, and after the end", () => {
  const autoscaler = { algorithm: "schedule" as const, steps: [{ at: 5, replicas: 2 }] };
  const hand = new ByHand(
    tinyScenario({
      pool: { autoscaler },
      more: paths({ standard: { launch: "10s", retire: "20s" }, priority: { retire: "20s" } }),
    }),
  );
  const counts = [1, 6, 15, 25].map((time) => {
    hand.until(time);
    return hand.service.parts.pools[0]!.serving.replicas;
  });
  expect(counts).toEqual([1, 2, 2, 2]);
});

it("has what was started ahead of it, until its pool's autoscaler has seen callers", () => {
  const wanted = (autoscaler: object) => {
    const pool = { replicas: 4, launchAhead: "60s", autoscaler: { interval: "10s", ...autoscaler } as never };
    const life = { launch: "100s" };
    const hand = new ByHand(tinyScenario({ pool, more: paths({ standard: life, priority: life }) }));
    return [39, 40, 99, 109, 111, 131].map((time) => {
      hand.until(time);
      return hand.service.parts.sizing.wantedOf(0);
    });
  };
  expect(wanted({ algorithm: "hpa", downWindow: "0s" })).toEqual([0, 4, 4, 4, 4, 1]);
  expect(wanted({ algorithm: "ray-serve", lookBack: "5s", downDelay: "0s" })).toEqual([0, 4, 4, 4, 1, 1]);
  expect(wanted({ algorithm: "target-load", upWindow: "0s", downWindow: "0s" })).toEqual([0, 4, 4, 4, 4, 1]);
});

it("is the server's decision alone, by the time that it is told", () => {
  const hand = new ByHand(tinyScenario({ more: paths({ fast: { launch: "10s", retire: "20s" } }) }));
  for (const [index, time] of [9, 10, 19, 20].entries())
    hand.until(time).call(index, { route: 2, outputTokens: 1 });
  expect(hand.told).toEqual([
    "9: 0 refused 404 unknown_model",
    "10: 1 queued",
    "10: 1 started on 2 in 1, 0 cached",
    "10.5: 1 first token",
    "10.5: 1 completed, 10 + 1",
    "19: 2 queued",
    "19: 2 started on 2 in 1, 0 cached",
    "19.5: 2 first token",
    "19.5: 2 completed, 10 + 1",
    "20: 3 refused 404 unknown_model",
  ]);
});
