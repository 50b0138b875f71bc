import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  ENGINE_VERSION_NAMES,
  ENGINE_VERSIONS,
  engineVersion,
} from "../../../../src/core/server/profile/engine-versions.js";
import { PROFILE_NAMES, profileFileByName } from "../../../../src/core/server/profile/registry.js";

describe("versions of engines", () => {
  it("are found by their names, each once", () => {
    expect(new Set(ENGINE_VERSION_NAMES).size).toBe(ENGINE_VERSIONS.length);
    expect(ENGINE_VERSION_NAMES.map((name) => engineVersion(name).name)).toEqual(ENGINE_VERSION_NAMES);
    expect(() => engineVersion("vllm-9")).toThrow("known versions");
  });

  it("say where what they state comes from, and when that was looked at", () => {
    const unsourced = ENGINE_VERSIONS.filter(({ origins, sources }) => {
      const isOurs = origins.stepAhead === "ours" && origins.frontEnd === "ours";
      return !isOurs && sources.length === 0;
    });
    const undated = ENGINE_VERSIONS.flatMap(({ sources }) =>
      sources.filter(({ date }) => !/^20\d\d-\d\d(-\d\d)?$/.test(date)),
    );
    expect([unsourced, undated]).toEqual([[], []]);
  });

  it("are scheduled a step ahead where that is the default, with time outside; one is neither", () => {
    const ahead = ENGINE_VERSIONS.filter(({ stepAhead }) => stepAhead).map(({ name }) => name);
    expect(ahead).toEqual(["vllm-0.15", "sglang-0.5"]);
    const { stepAhead, frontEnd } = engineVersion("none");
    expect([stepAhead, frontEnd]).toEqual([false, undefined]);
  });

  it("are in no profile that was measured on a synchronous engine", () => {
    const named = PROFILE_NAMES.filter((name) => {
      const { kind, engine = "none" } = profileFileByName(name);
      return kind === "measured" && engine !== "none";
    });
    expect(named).toEqual([]);
  });
});

it("stand in docs/profiles.md as they are in the table", () => {
  const text = readFileSync(new URL("../../../../docs/profiles.md", import.meta.url), "utf8");
  const millis = (time: unknown) => `${Number(time ?? 0) / 1000} ms`;
  for (const { name, stepAhead, frontEnd } of ENGINE_VERSIONS) {
    const { prompt, token } = frontEnd ?? {};
    const row = `| \`${name}\` | ${stepAhead ? "yes" : "no"} | ${millis(prompt)} | ${millis(token)} |`;
    expect(text).toContain(row);
  }
});
