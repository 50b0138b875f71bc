import { describe, expect, it } from "vitest";
import { parseScenario, type ScenarioInput } from "../../../../src/core/index.js";
import { profileFileByName } from "../../../../src/core/internal.js";
import { NAME_THE_VERSION, replayedEngine } from "../../../../src/core/tools/validation/replayed-engine.js";
import { engineScenario, settingsOf } from "../../../../src/core/tools/validation/settings.js";
import { tinyScenario } from "../../engine/tiny.js";

type Replica = ScenarioInput["pools"][string]["replica"];

const of = (replica: object) => {
  const scenario = parseScenario(tinyScenario({ pool: { replica: replica as Replica } }));
  return replayedEngine(scenario.pools["shared"]!);
};
const batching = { engine: "batching", profile: "llama-3.1-8b-h100" };
const front = { prompt: "1ms" };

describe("the engine of a replay", () => {
  it.each([
    [
      {},
      true,
      /^the engine is synchronous, and calls take no time outside it \(engineVersion none\): vLLM from 0\.14/,
    ],
    [{ engineVersion: "none" }, true, /is synchronous.*no time outside/],
    [
      { engineVersion: "vllm-0.15" },
      false,
      /^the engine schedules a step ahead, .* time outside it \(.* vllm-0\.15\)$/,
    ],
    [
      { engineVersion: "vllm-0.10" },
      false,
      /is synchronous, and calls take time outside it \(engineVersion vllm-0\.10\)$/,
    ],
    [{ frontEnd: front }, false, /is synchronous, and calls take time outside it \(engineVersion none\)$/],
    [
      { stepAhead: true },
      false,
      /schedules a step ahead, and calls take no time outside it \(engineVersion none\)$/,
    ],
  ])("of %j is told as it is", (more, isBare, note) => {
    const engine = of({ ...batching, ...more });
    expect(engine).toMatchObject({ isBare, note: expect.stringMatching(note) });
    expect(engine!.note.includes(NAME_THE_VERSION)).toBe(isBare);
  });

  it("is not told of replicas without steps", () => {
    expect(of({ engine: "slots", slots: 1, tokensPerSecond: 1 })).toBeUndefined();
  });

  it("is named in a way that can be set, and is then no bare one", () => {
    const [, path, value] = /--set (\S+)=(\S+)$/.exec(NAME_THE_VERSION)!;
    const profile = profileFileByName("llama-3.1-8b-h100");
    const overrides = [
      { path: path!, value: value!, origin: "test" },
      { path: "duration", value: "1s", origin: "test" },
    ];
    const callers = { arrivals: { process: "constant", rate: 1 }, input: 10, output: 10 } as const;
    const scenario = engineScenario(profile, settingsOf(profile, {}), callers, overrides);
    expect(replayedEngine(scenario.pools["engine"]!)).toMatchObject({ isBare: false });
  });
});
