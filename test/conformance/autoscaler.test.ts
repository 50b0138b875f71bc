// The contract of autoscalers over every one that there is, with its defaults and, where those keep one, down to zero;
// and over broken ones, each of which the law against it must catch.
import { describe, expect, it } from "vitest";
import type { Autoscaler } from "../../src/core/server/fleet/control/autoscalers/autoscaler.js";
import {
  AUTOSCALERS,
  type AutoscalerSpec,
  autoscaler,
  createAutoscaler,
} from "../../src/core/server/fleet/control/autoscalers/registry.js";
import { CONTEXT, type Scaled } from "../support/fluid-pool.js";
import { AUTOSCALER_LAWS, type AutoscalerLaw, autoscalerContract } from "./autoscaler.js";

/** Options under which the laws have more to say. */
const MORE: Readonly<Record<string, readonly object[]>> = {
  "target-load": [{ min: 0 }, { targets: { requests: 2, concurrency: 10, kv: 0.5 }, metricsDelay: "15s" }],
  hpa: [{ metrics: "external", metricsDelay: "15s", targets: { requests: 2, promptTokens: 1000 } }],
  "ray-serve": [{ min: 0, upDelay: "2s", downDelay: "20s", zeroDelay: "60s" }],
  knative: [{ min: 2, target: 10 }],
  predictive: [
    { forecast: "last" },
    { forecast: "seasonal", season: "30m", interval: "30s" },
    { season: "10m", interval: "30s", targets: { requests: 2 } },
  ],
  saturation: [{ interval: "15s", kvThreshold: 0.9, kvSpare: 0.2 }],
};

const LOAD_BLIND = "it goes by the clock and looks at no load";
const EXCEPT: Readonly<Record<string, Readonly<Partial<Record<AutoscalerLaw, string>>>>> = {
  schedule: {
    "has enough for a load that it has had for long": LOAD_BLIND,
    "goes to its minimum without load": LOAD_BLIND,
    "comes back from zero as soon as it has seen something": LOAD_BLIND,
  },
};

const made = (written: unknown) => (): Scaled => {
  const knobs: AutoscalerSpec = autoscaler.parse(written);
  return { scaler: createAutoscaler(knobs, CONTEXT), knobs };
};

// What one that foresees does depends on what will be: it is tested where that is, in engine/foresight and theory.
for (const { name } of AUTOSCALERS.filter((one) => !("foresees" in one && one.foresees))) {
  autoscalerContract(name, made(name), EXCEPT[name]);
  for (const more of MORE[name] ?? [])
    autoscalerContract(`${name} ${JSON.stringify(more)}`, made({ algorithm: name, ...more }), EXCEPT[name]);
}

describe("broken autoscalers are caught", () => {
  const undamped = { algorithm: "target-load", min: 0, upWindow: "0s", downWindow: "0s" };
  const broken =
    (recommend: Autoscaler["recommend"], looksBack = 0) =>
    (): Scaled => ({
      ...made(undamped)(),
      scaler: { looksBack, recommend },
    });
  const caught = (make: () => Scaled) =>
    (Object.keys(AUTOSCALER_LAWS) as AutoscalerLaw[]).filter(
      (law) => AUTOSCALER_LAWS[law](make) !== undefined,
    );

  it("one that always wants the most", () => {
    expect(caught(broken(() => 1000))).toEqual([
      "goes to its minimum without load",
      "comes back from zero as soon as it has seen something",
    ]);
  });

  it("one that never wants more", () => {
    expect(caught(broken(({ wanted }) => wanted))).toEqual([
      "has enough for a load that it has had for long",
      "comes back from zero as soon as it has seen something",
    ]);
  });

  it("one that remembers beyond its own life", () => {
    let draw = 1;
    const random = broken(() => {
      draw = (draw * 16_807) % 2_147_483_647;
      return draw % 100;
    });
    expect(caught(random)).toEqual(
      expect.arrayContaining([
        "LAW-4: decides the same in the same world",
        "settles at a constant load, and stays",
      ]),
    );
  });

  it("one that wants fewer the more there is, and one that looks back further than it says", () => {
    expect(caught(broken(({ latest }) => 300 - latest.arrived / 500))).toContain(
      "ends with no fewer for more load",
    );
    const secretly = broken((view) => view.mean("running", 1e6) / 10);
    expect(caught(secretly)).toContain(
      "LAW-7: asks about no longer a window than it says, and changes nothing of what it sees",
    );
  });

  it("one that says what is no number", () => {
    expect(caught(broken(() => Number.NaN))).toContain("keeps to its bounds and to what there is");
  });
});
