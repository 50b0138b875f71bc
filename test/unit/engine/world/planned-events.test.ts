import { describe, expect, it } from "vitest";
import { instant, seconds } from "../../../../src/core/base/units.js";
import { plannedEvents } from "../../../../src/core/engine/world/planned-events.js";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { tinyScenario } from "../tiny.js";

const at = (time: number) => instant(seconds(time));
const planned = (more: Partial<ScenarioInput>) => plannedEvents(parseScenario(tinyScenario({ more })));

describe("what a scenario plans", () => {
  it("is nothing where all is there all the time", () => {
    expect(planned({})).toEqual([]);
  });

  it("is the launch and the retirement of a model, with the first and the last of its paths", () => {
    const paths = {
      standard: { model: "kimi", pool: "shared", rank: 1, launch: "5s", retire: "40s" },
      priority: { model: "kimi", serviceTier: "priority", pool: "shared", rank: 0, launch: "7s" },
      fast: { model: "kimi-fast", pool: "fast", rank: 0 },
    } as const;
    expect(planned({ paths })).toEqual([
      { kind: "launch", pool: 0, at: at(5), detail: { name: "kimi" } },
      { kind: "retirement", pool: 0, at: at(40), detail: { name: "kimi" } },
    ]);
  });

  it("is outages of whole pools; of those of some replicas the fleet tells", () => {
    const outages = [
      { pool: "fast", from: "3s", for: "2s" },
      { pool: "shared", from: "4s", for: "2s", instances: 1 },
    ];
    expect(planned({ outages })).toEqual([
      { kind: "outage-begins", pool: 1, at: at(3) },
      { kind: "outage-ends", pool: 1, at: at(5) },
    ]);
  });
});
