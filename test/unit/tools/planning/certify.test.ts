import { describe, expect, it } from "vitest";
import type { RunResult } from "../../../../src/core/results/shape/result.js";
import {
  type Certified,
  certifyAny,
  certifyLeast,
  type LeastOptions,
} from "../../../../src/core/tools/planning/certify.js";
import type { ProbeVerdict } from "../../../../src/core/tools/planning/probe.js";

/** What was tried, as "place/attempts before", and the answer. */
async function told<Place>(
  certified: (attempt: Parameters<typeof certifyAny<Place>>[1]) => Promise<Certified<Place>>,
  verdict: (place: Place) => ProbeVerdict | undefined,
) {
  const tried: string[] = [];
  const found = await certified(async (place, attempts) => {
    tried.push(`${place}/${attempts}`);
    const one = verdict(place);
    return one && { verdict: one, seemsEnough: true, result: {} as RunResult, clusters: {}, requests: 1 };
  });
  expect(found.trials.length).toBe(found.finished ? tried.length : tried.length - 1);
  return { answer: found.answer, finished: found.finished, tried };
}

describe("places that know nothing of each other", () => {
  const any = (places: readonly string[], verdict: (place: string) => ProbeVerdict | undefined) =>
    told((attempt) => certifyAny(places, attempt), verdict);

  it("are tried until one passes, each as one more attempt", async () => {
    const found = await any(["a", "b", "c"], (place) => (place === "a" ? "undecided" : "pass"));
    expect(found).toEqual({ answer: "b", finished: true, tried: ["a/0", "b/1"] });
  });

  it("have no answer where none passes, where there is none, or where they are stopped", async () => {
    expect(await any(["a"], () => "fail")).toEqual({ answer: null, finished: true, tried: ["a/0"] });
    expect(await any([], () => "pass")).toEqual({ answer: null, finished: true, tried: [] });
    const stopped = await any(["a", "b"], (place) => (place === "a" ? "fail" : undefined));
    expect(stopped).toEqual({ answer: null, finished: false, tried: ["a/0", "b/1"] });
  });
});

describe("places of which more cannot hurt", () => {
  const from = (options: Partial<LeastOptions>, verdict: (place: number) => ProbeVerdict | undefined) =>
    told(
      (attempt) => certifyLeast({ count: 100, least: 40, start: 52, step: 2, ...options }, attempt),
      verdict,
    );
  const enough = (least: number) => (place: number) =>
    (place >= least ? "pass" : "undecided") as ProbeVerdict;

  it("are one attempt on the way down, which ends where one does not pass", async () => {
    expect(await from({}, enough(0))).toEqual({
      ...{ answer: 40, finished: true, tried: ["52/0", "48/0", "44/0", "42/0", "40/0"] },
    });
    expect(await from({}, enough(43))).toMatchObject({ answer: 44, tried: ["52/0", "48/0", "44/0", "42/0"] });
    expect(await from({ start: 40 }, enough(40))).toMatchObject({ answer: 40, tried: ["40/0"] });
  });

  it("are tried higher up where the first one does not pass, as another attempt", async () => {
    const found = await from({}, enough(60));
    expect(found).toEqual({
      ...{ answer: 61, finished: true, tried: ["52/0", "76/1", "69/1", "61/1", "57/1"] },
    });
    expect(await from({}, enough(100))).toEqual({
      ...{ answer: null, finished: true, tried: ["52/0", "76/1", "99/2"] },
    });
    expect(await from({ start: 40, count: 41 }, enough(50))).toMatchObject({ answer: null, tried: ["40/0"] });
  });

  it("never answer what did not pass, wherever that begins", async () => {
    for (let least = 30; least < 100; least++) {
      const { answer } = await from({}, enough(least));
      expect(answer).toBeGreaterThanOrEqual(least);
    }
  });

  it("say so where they are stopped", async () => {
    // What has passed before is certified all the same.
    expect(await from({}, (place) => (place > 50 ? "pass" : undefined))).toEqual({
      ...{ answer: 52, finished: false, tried: ["52/0", "48/0"] },
    });
    expect(await from({}, () => undefined)).toEqual({ answer: null, finished: false, tried: ["52/0"] });
  });
});
