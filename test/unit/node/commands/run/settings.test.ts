import { describe, expect, it } from "vitest";
import { type RunFlags, repeatCommand, runSettings } from "../../../../../src/node/commands/run/settings.js";

const flags = (changes: Partial<RunFlags> = {}): RunFlags => ({ color: true, ...changes });
const settings = (changes: Partial<RunFlags>, env: Record<string, string> = {}) =>
  runSettings(flags(changes), env, "demo");

describe("the settings of a run", () => {
  const both = { SURGEFLEET_SEED: "from-env", SURGEFLEET_OUT: "env-folder" };

  it("takes a flag before the environment", () => {
    expect(settings({ seed: "from-flag", out: "flag-folder" }, both)).toMatchObject({
      seed: "from-flag",
      folder: "flag-folder",
    });
  });

  it("takes the environment before the scenario", () => {
    expect(settings({}, both)).toMatchObject({
      seed: "from-env",
      folder: "env-folder",
      isDefaultFolder: false,
    });
  });

  it.each([{}, { SURGEFLEET_SEED: "", SURGEFLEET_OUT: "" }])("leaves the rest to the scenario: %o", (env) => {
    expect(settings({}, env)).toMatchObject({ seed: null, folder: "results/demo", isDefaultFolder: true });
  });

  it("writes nothing with --no-out, whatever the environment says", () => {
    expect(settings({ out: false }, both).folder).toBeNull();
  });

  it.each<[Partial<RunFlags>, RegExp]>([[{ out: false, requests: true }, /--requests .* --no-out/]])(
    "refuses %o",
    (changes, wanted) => {
      expect(() => settings(changes)).toThrow(wanted);
    },
  );
});

describe("the command that repeats a run", () => {
  it("names everything that the environment or a default decided", () => {
    const given = flags({ set: ["a.b=1 2", "c={x: 'y'}"], requests: true });
    const chosen = runSettings(given, { SURGEFLEET_OUT: "my results" }, "demo");
    expect(repeatCommand("surgefleet", "my fleet.yaml", given, chosen, "7")).toBe(
      "surgefleet run 'my fleet.yaml' --set 'a.b=1 2' --set 'c={x: '\\''y'\\''}' --seed 7 --out 'my results' --requests",
    );
  });

  it("says no more than it must", () => {
    const chosen = settings({});
    expect(repeatCommand("surgefleet", undefined, flags(), chosen, "1")).toBe("surgefleet run --seed 1");
  });

  it("keeps --no-out", () => {
    const given = flags({ out: false });
    expect(repeatCommand("surgefleet", "a.yaml", given, runSettings(given, {}, "demo"), "1")).toBe(
      "surgefleet run a.yaml --seed 1 --no-out",
    );
  });
});
