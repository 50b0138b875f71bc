import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { profileFileByName } from "../../../../src/core/internal.js";
import { packageVersion } from "../../../../src/node/package-files.js";
import { inputHashes } from "../../../../src/node/results/input-hashes.js";
import { loadScenarioFile } from "../../../../src/node/scenario-file.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [path, trace, profile] = ["fleet.yaml", "calls.csv", "own.json"].map((name) => join(folder, name));
const file = (reference: string) => `schemaVersion: 1
inventory: { gpus: 3 }
pools:
  shared: { replicas: 1, replica: { engine: batching, profile: ${reference} }, admission: { policy: none } }
  other: { replicas: 1, replica: { engine: slots, slots: 1, tokensPerSecond: 9 }, admission: { policy: none } }
paths: { standard: { model: m, pool: shared, rank: 0 } }
traffic: { calls: { arrivals: { trace: calls.csv }, mix: { standard: 1 } } }
thresholds: { ttft: p(50)<9s }
`;
const own = (change: object = {}) => JSON.stringify({ ...profileFileByName("llama-3.1-8b-h100"), ...change });
writeFileSync(trace!, "timestamp,input_tokens,output_tokens\n0,1,1\n");
writeFileSync(profile!, own());
writeFileSync(path!, file("own.json"));

const hashes = (...set: string[]) => inputHashes(loadScenarioFile(path!, set));
const first = hashes();

describe("what went in", () => {
  it("has the version, the scenario, the profile of each pool that has one, and the traces", () => {
    expect(first).toEqual({
      surgefleet: packageVersion(),
      scenario: expect.stringMatching(/^[0-9a-f]{64}$/),
      profiles: { shared: expect.stringMatching(/^[0-9a-f]{64}$/) },
      traces: { "calls.csv": expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(hashes()).toEqual(first);
  });

  it("is another scenario where one value is, and not where only what is asked of it is", () => {
    expect(hashes("pools.shared.replicas=2").scenario).not.toBe(first.scenario);
    expect(hashes("thresholds.ttft=p(50)<1s", "check.seeds=9", "seed=7", "description=x")).toEqual(first);
  });

  it("is another trace where its bytes are", () => {
    writeFileSync(trace!, "timestamp,input_tokens,output_tokens\n0,1,2\n");
    const { traces, ...rest } = hashes();
    expect(traces).not.toEqual(first.traces);
    expect(rest).toEqual({
      surgefleet: first.surgefleet,
      scenario: first.scenario,
      profiles: first.profiles,
    });
  });

  it("is another profile where the file of one says something else, and the same scenario", () => {
    writeFileSync(profile!, own({ source: "mine" }));
    const { profiles, scenario } = hashes();
    expect(profiles).not.toEqual(first.profiles);
    expect(scenario).toBe(first.scenario);
  });

  it("knows a shipped profile by what it says, too", () => {
    writeFileSync(path!, file("llama-3.1-8b-h100"));
    expect(hashes().profiles).toEqual(first.profiles);
  });
});
