import { describe, expect, it } from "vitest";
import { ATTEMPT_EVENTS, type AttemptEnd } from "../../../src/core/api/observer.js";
import { Engine } from "../../../src/core/engine/engine.js";
import { parseScenario } from "../../../src/core/index.js";
import { type Call, type TinyChanges, tinyScenario, traceOf } from "./tiny.js";

/** What is told of some requests. */
function events(calls: readonly Call[], client: NonNullable<TinyChanges["traffic"]>["client"]): string[] {
  const events: string[] = [];
  const engine = new Engine(parseScenario(tinyScenario({ traffic: { client } })), {
    seed: "1",
    readTrace: () => [traceOf(calls)],
    observer: { attempt: (event) => events.push(event) },
  });
  while (engine.step());
  return events;
}

/** Its caller goes away half a second before its first token. */
const abandonment = () =>
  events([{ at: 0, output: 2 }], { preset: "none", timeout: "500ms", onTimeout: "abandon" });

/** The second of three calls finds the server busy, and that is enough for the breaker of its client. */
const rejection = () =>
  events(
    [0, 1, 2].map((at) => ({ at, output: 5, account: "one" })),
    { preset: "none", breaker: { least: 1, failures: "40%" } },
  );

describe("observer", () => {
  it("sees an abandoned attempt until it has left, and none of its tokens", () => {
    expect(abandonment()).toEqual(["arrived", "queued", "started", "abandoned", "ended", "gave_up", "left"]);
  });

  it("sees a try that its own client lets not leave", () => {
    expect(rejection()).toEqual([
      ...["arrived", "queued", "started", "first_token"],
      ...["arrived", "ended", "gave_up"],
      ...["rejected", "gave_up"],
      "ended",
    ]);
  });

  it("sees every kind of event, and how an attempt ended with its end alone", () => {
    const observed = new Set<string>();
    const ends: AttemptEnd[] = [];
    // Two of 18 tokens each do not fit into 30 together: one loses its memory on the way. The third is turned away.
    const calls = [0, 0, 1].map((at) => ({ at, output: 8, input: 10 }));
    const profile = { base: "1s", perSequence: "0s", perContextToken: "0s", perPrefillToken: "0s" } as const;
    const memory = { kvTokens: 30, kvBlockTokens: 1, kvWatermark: 0 };
    const replica = { engine: "batching", profile, maxSequences: 2, ...memory } as const;
    const engine = new Engine(parseScenario(tinyScenario({ pool: { replica } })), {
      seed: "1",
      readTrace: () => [traceOf(calls)],
      observer: {
        attempt: (event, _request, _attempt, _now, end) => {
          observed.add(event);
          if (end !== undefined) ends.push({ ...end });
        },
      },
    });
    while (engine.step());
    for (const event of [...abandonment(), ...rejection()]) observed.add(event);
    expect(new Set(ATTEMPT_EVENTS)).toEqual(observed);
    expect(ends.map(({ generated, retryIn }) => [generated, retryIn])).toEqual([
      [0, undefined],
      [8, undefined],
      [8, undefined],
    ]);
  });
});
