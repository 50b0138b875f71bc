import { describe, expect, it } from "vitest";
import { Engine } from "../../../src/core/engine/engine.js";
import { ATTEMPT_EVENTS, type AttemptEnd } from "../../../src/core/engine/observer.js";
import { parseScenario } from "../../../src/core/index.js";
import { tinyScenario, traceOf } from "./tiny.js";

describe("observer", () => {
  it("hears of every kind of event, and how an attempt ended with its end alone", () => {
    const heard = new Set<string>();
    const ends: AttemptEnd[] = [];
    const calls = [
      { at: 0, output: 2 },
      { at: 1, output: 1 },
    ];
    const engine = new Engine(parseScenario(tinyScenario()), {
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
      [2, undefined],
    ]);
  });
});
