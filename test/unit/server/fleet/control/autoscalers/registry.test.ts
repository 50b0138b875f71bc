import { describe, expect, it } from "vitest";
import { duration, NEVER } from "../../../../../../src/core/base/units.js";
import {
  AUTOSCALERS,
  autoscaler,
  createAutoscaler,
  foresees,
} from "../../../../../../src/core/server/fleet/control/autoscalers/registry.js";
import { linearProfile } from "../../../../../../src/core/server/profile/linear.js";
import { context, sample, viewOf } from "./views.js";

const foresight = { resolution: duration(1_000_000), mostLoad: () => 2, end: NEVER };
const profile = linearProfile({ base: 10_000, perSequence: 100, perContextToken: 0, perPrefillToken: 0 });

describe("the registry of autoscalers", () => {
  it.each(AUTOSCALERS.map(({ name }) => name))("%s works by its name", (name) => {
    const scaler = createAutoscaler(autoscaler.parse(name), context({ profile, foresight }));
    const said = scaler.recommend(viewOf([sample(0, { ready: 1, running: 5 })], 1));
    expect(said === undefined || said >= 0).toBe(true);
  });

  it("has no two of one name, and tells what there is where it has none", () => {
    expect(new Set(AUTOSCALERS.map(({ name }) => name)).size).toBe(AUTOSCALERS.length);
    expect(JSON.stringify(autoscaler.safeParse("hpaa").error?.issues)).toContain("expected");
  });

  it("shows the future to the clairvoyant alone (LAW-6)", () => {
    const shown = AUTOSCALERS.filter(({ name }) => foresees(autoscaler.parse(name)));
    expect(shown.map(({ name }) => name)).toEqual(["clairvoyant"]);
  });

  it("watches the KV cache for a target that needs it, and for saturation", () => {
    const watches = (written: unknown) =>
      createAutoscaler(autoscaler.parse(written), context({ profile })).watchesKv;
    expect(["target-load", "saturation", "sla"].map((name) => watches(name) === true)).toEqual([
      false,
      true,
      false,
    ]);
    expect(watches({ algorithm: "keda", targets: { kv: 0.5 } })).toBe(true);
  });
});
