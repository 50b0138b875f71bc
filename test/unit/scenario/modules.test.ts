// What a scenario writes beside the name of a module is checked by what the module says of itself.
import { expect, test } from "vitest";
import type { CustomCode, CustomKind } from "../../../src/core/custom/code.js";
import { options } from "../../../src/core/custom/options.js";
import { loadScenario } from "../../../src/core/scenario/load.js";

const TEXT = `schemaVersion: 1
duration: 1m
inventory: { gpus: 2 }
pools:
  shared:
    replicas: 2
    replica: { engine: slots, slots: 4, tokensPerSecond: 100 }
    admission: { policy: tail-drop }
paths: { standard: { model: m, pool: shared, rank: 0 } }
traffic:
  calls:
    arrivals: { process: poisson, rate: 1/s }
    input: { dist: constant, value: 10 }
    output: { dist: constant, value: 10 }
    mix: { standard: 1 }
`;

/** What is wrong where `path` names a module with one option of this name. */
function problems(kind: CustomKind, path: string, option: string): string[] {
  const facts = { kind, summary: "x", options: { [option]: options.count({ default: 1, text: "t" }) } };
  const code = {
    ...facts,
    file: "mine.ts",
    bridge: "",
    script: "",
    map: "{}",
    sha256: "",
  } satisfies CustomCode;
  const answer = loadScenario(
    { file: "fleet.yaml", text: TEXT },
    { code: () => ({ ok: true, code }), overrides: [{ path, value: "./mine.ts", origin: "--set" }] },
  );
  return answer.ok ? [] : answer.issues.map(({ message }) => message);
}

test.each(["mine.ts", ".\\\\mine.ts", "C:\\\\mine.mjs"])(
  "%s is no name of a module, and is told how one begins",
  (value) => {
    for (const path of [
      "pools.shared.admission.policy",
      "pools.shared.concurrency",
      "traffic.calls.client",
    ]) {
      const answer = loadScenario(
        { file: "fleet.yaml", text: TEXT },
        { overrides: [{ path, value, origin: "--set" }] },
      );
      const [issue] = answer.ok ? [] : answer.issues;
      expect(issue?.hint).toMatch(/a module of your own.* begins with \.\/, \.\.\/ or \//);
    }
  },
);

test.each(["pkg:../mine", "pkg:/mine", "pkg:"])("%s is no package", (value) => {
  const answer = loadScenario(
    { file: "fleet.yaml", text: TEXT },
    { overrides: [{ path: "pools.shared.concurrency", value, origin: "--set" }] },
  );
  expect(answer.ok ? [] : answer.issues.map(({ message }) => message)).toEqual([
    expect.stringMatching(/ is not none, fixed, /),
  ]);
});

test.each([
  ["policy", "pools.shared.admission.policy", "policy"],
  ["limit", "pools.shared.concurrency", "limit"],
  ["queueRule", "pools.shared.discipline", "rule"],
  ["autoscaler", "pools.shared.autoscaler", "algorithm"],
  ["client", "traffic.calls.client", "preset"],
] as const)("a %s has no option of the key that names it", (kind, path, key) => {
  expect(problems(kind, path, key)).toEqual([
    `./mine.ts has an option ${key}, which every one of its kind has already`,
  ]);
  expect(problems(kind, path, "other")).toEqual([]);
});
