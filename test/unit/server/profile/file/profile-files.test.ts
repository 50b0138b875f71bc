import { expect, it } from "vitest";
import { loadScenario } from "../../../../../src/core/index.js";
import { profileFileByName } from "../../../../../src/core/server/profile/registry.js";

const SHIPPED = profileFileByName("llama-3.1-8b-h100");

const scenario = (profile: string) => `schemaVersion: 1
duration: 10s
inventory: { gpus: 1 }
pools:
  p: { replicas: 1, replica: { engine: batching, profile: ${profile} } }
paths:
  a: { model: m, pool: p, rank: 0 }
traffic:
  t: { arrivals: { process: poisson, rate: 1 }, input: 5, output: 5, mix: { a: 100% } }
`;

function load(profile: string, files: Record<string, string>) {
  return loadScenario(
    { file: "here/s.yaml", text: scenario(profile) },
    {
      read: (reference, from) => {
        const file = `${from.replace(/[^/]*$/, "")}${reference}`;
        return { file, text: files[file] ?? "" };
      },
    },
  );
}

const issuesOf = (loaded: ReturnType<typeof load>) =>
  loaded.ok
    ? []
    : loaded.issues.map(({ file, line, path, message }) => `${file}:${line} ${path}: ${message}`);

it("reads a profile from a file beside the scenario", () => {
  const loaded = load("my/own.json", { "here/my/own.json": JSON.stringify({ ...SHIPPED, name: "own" }) });
  expect(loaded.ok && loaded.scenario.pools["p"]!.replica).toMatchObject({
    profile: { name: "own", gpu: {} },
  });
});

it("tells what is wrong with it at its own line, and nothing of bases", () => {
  const text = JSON.stringify({ ...SHIPPED, hots: {} }, null, 1);
  const line = text.split("\n").findIndex((one) => one.includes("hots")) + 1;
  expect(issuesOf(load("own.json", { "here/own.json": text }))).toEqual([
    `here/own.json:${line} pools.p.replica.profile.hots: unknown key "hots"`,
  ]);
});

it("tells of a file that is no JSON, and of one that cannot be read", () => {
  expect(issuesOf(load("own.json", { "here/own.json": "{ a: [" }))[0]).toMatch(/^here\/own\.json:1 /);
  const unread = loadScenario({ file: "s.yaml", text: scenario("own.json") });
  expect(issuesOf(unread)).toEqual([
    's.yaml:5 pools.p.replica.profile: cannot read the profile "own.json": files cannot be read here',
  ]);
});

it("tells what is wrong beside a profile that cannot be read at the same time", () => {
  const text = scenario("own.json").replace("rank: 0", "rnk: 0").replace("inventory", "inventry");
  expect(issuesOf(loadScenario({ file: "s.yaml", text }))).toEqual([
    's.yaml:3 inventry: unknown key "inventry"',
    's.yaml:5 pools.p.replica.profile: cannot read the profile "own.json": files cannot be read here',
    's.yaml:7 paths.a.rnk: unknown key "rnk"',
  ]);
});
