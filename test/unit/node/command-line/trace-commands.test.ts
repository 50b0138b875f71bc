// The commands on traces as people meet them: generate, inspect, convert, fit and run, one after the other.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { OVERLOADED, temporaryFolder, writeScenario } from "../../../support/small-fleet.js";
import { surgefleet } from "./hosted.js";

it("generates a trace, the same bytes twice, that inspect finds as the scenario says", async () => {
  const cwd = temporaryFolder();
  const scenario = writeScenario(cwd, OVERLOADED);
  const generate = (out: string, ...words: string[]) =>
    surgefleet(["trace", "generate", scenario, "--out", out, "--duration", "200s", ...words], { cwd });
  const first = await generate("a.csv");
  expect([first.code, first.stdout], first.stderr).toEqual([
    0,
    expect.stringMatching(/requests over 3m20s, generic/),
  ]);
  await generate("b.csv");
  await generate("c.csv", "--seed", "2");
  const [a, b, c] = ["a", "b", "c"].map((name) => readFileSync(join(cwd, `${name}.csv`), "utf8"));
  expect(b).toBe(a);
  expect(c).not.toBe(a);
  const { stdout } = await surgefleet(["trace", "inspect", "a.csv", "--json"], { cwd });
  const { rate, gapCv, input, output, rows } = JSON.parse(stdout);
  // Poisson at 30/s: six thousand arrivals, give or take four standard deviations.
  expect(Math.abs(rows - 6000)).toBeLessThan(4 * Math.sqrt(6000));
  expect(Math.abs(rate - 30)).toBeLessThan(2);
  expect(Math.abs(gapCv - 1)).toBeLessThan(0.06);
  expect([input.mean, output.mean]).toEqual([500, 200]);
});

it("generates less than the scenario's warm-up where asked to, for a trace leaves nothing out", async () => {
  const cwd = temporaryFolder();
  const scenario = writeScenario(cwd, OVERLOADED.replace("duration: 20s", "duration: 20s\nwarmup: 10s"));
  const words = ["trace", "generate", scenario, "--out", "a.csv", "--duration", "5s"];
  const { code, stdout, stderr } = await surgefleet(words, { cwd });
  expect([code, stdout], stderr).toEqual([0, expect.stringMatching(/requests over 5s, generic/)]);
});

it("writes nothing and exits 2 where the scenario or the name is wrong", async () => {
  const cwd = temporaryFolder();
  const scenario = writeScenario(cwd, OVERLOADED);
  const bad = await surgefleet(["trace", "generate", scenario, "--out", "a.xml"], { cwd });
  expect([bad.code, bad.stdout]).toEqual([2, ""]);
  const missing = await surgefleet(["trace", "generate", "missing.yaml", "--out", "a.csv"], { cwd });
  expect(missing.code).toBe(2);
  expect(missing.stderr).toMatch(/missing\.yaml: there is no such file/);
});

it("fits a trace with a scenario that is valid and generates traffic like it", async () => {
  const cwd = temporaryFolder();
  const scenario = writeScenario(
    cwd,
    OVERLOADED.replace("input: 500", "input: { dist: lognormal, median: 700, sigma: 0.8 }"),
  );
  await surgefleet(["trace", "generate", scenario, "--out", "a.csv", "--duration", "200s"], { cwd });
  const fit = await surgefleet(["trace", "fit", "a.csv", "--out", "fit.yaml"], { cwd });
  expect(fit.code, fit.stderr).toBe(0);
  expect(fit.stdout).toMatch(/requests per second +\d/);
  expect(statSync(join(cwd, "fit.yaml")).size).toBeGreaterThan(500);
  const valid = await surgefleet(["validate", "fit.yaml"], { cwd });
  expect(valid.code, valid.stderr).toBe(0);
  await surgefleet(["trace", "generate", "fit.yaml", "--out", "b.csv"], { cwd });
  const read = async (file: string) =>
    JSON.parse((await surgefleet(["trace", "inspect", file, "--json"], { cwd })).stdout);
  const [a, b] = [await read("a.csv"), await read("b.csv")];
  expect(Math.abs(b.rate / a.rate - 1)).toBeLessThan(0.1);
  for (const p of ["p10", "p50", "p90"]) expect(Math.abs(b.input[p] / a.input[p] - 1)).toBeLessThan(0.1);
});

it("inspect says what was done to rows before fields that nothing is made of, once for each reason", async () => {
  const file = join(import.meta.dirname, "../../../fixtures/traces/guidellm.json");
  const { stdout } = await surgefleet(["trace", "inspect", file], { cwd: temporaryFolder() });
  const reading = stdout.split("READING\n")[1]!.split("\n\n")[0]!.split("\n");
  const kinds = reading.map((line) => line.trim().split(" ")[0]);
  expect(kinds.lastIndexOf("assumed")).toBeLessThan(kinds.indexOf("ignored"));
  const ignored = reading.filter((line) => line.trim().startsWith("ignored")).map((line) => line.split(": "));
  expect(new Set(ignored.map(([, why]) => why)).size).toBe(ignored.length);
  expect(ignored[0]![0]).toContain("metadata, args");
});
