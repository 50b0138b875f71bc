import { describe, expect, it } from "vitest";
import { Engine } from "../../../src/core/engine/engine.js";
import { ATTEMPT_EVENTS, type AttemptEnd } from "../../../src/core/engine/observer.js";
import { parseScenario } from "../../../src/core/index.js";
import { tinyScenario, traceOf } from "./tiny.js";

describe("observer", () => {
  it("hears of every kind of event, and how an attempt ended with its end alone", () => {
    const heard = new Set<string>();
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
          heard.add(event);
          if (end !== undefined) ends.push({ ...end });
        },
      },
    });
    while (engine.step());
    expect(new Set(ATTEMPT_EVENTS)).toEqual(heard);
    expect(ends.map(({ generated, retryIn }) => [generated, retryIn])).toEqual([
      [0, undefined],
      [8, undefined],
      [8, undefined],
    ]);
  });
});
