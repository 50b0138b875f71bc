import { describe, expect, it } from "vitest";
import { Engine } from "../../../src/core/engine/engine.js";
import { ATTEMPT_EVENTS, type AttemptEnd } from "../../../src/core/engine/observer.js";
import { parseScenario } from "../../../src/core/index.js";
import { tinyScenario, traceOf } from "./tiny.js";

/** What is told of a request whose caller goes away half a second before its first token. */
function abandonment(): string[] {
  const events: string[] = [];
  const client = { preset: "none", timeout: "500ms", onTimeout: "abandon" } as const;
  const engine = new Engine(parseScenario(tinyScenario({ traffic: { client } })), {
    seed: "1",
    readTrace: () => [traceOf([{ at: 0, output: 2 }])],
    observer: { attempt: (event) => events.push(event) },
  });
  while (engine.step());
  return events;
}

describe("observer", () => {
  it("sees an abandoned attempt until it has left, and none of its tokens", () => {
    expect(abandonment()).toEqual(["arrived", "queued", "started", "abandoned", "ended", "gave_up", "left"]);
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
        attempt: (event, _request, _now, end) => {
          observed.add(event);
          if (end !== undefined) ends.push({ ...end });
        },
      },
    });
    while (engine.step());
    for (const event of abandonment()) observed.add(event);
    expect(new Set(ATTEMPT_EVENTS)).toEqual(observed);
    expect(ends.map(({ generated, retryIn }) => [generated, retryIn])).toEqual([
      [0, undefined],
      [8, undefined],
      [8, undefined],
    ]);
  });
});
