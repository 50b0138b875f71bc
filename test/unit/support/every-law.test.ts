import { expect, it } from "vitest";
import { CANARY_WORLD } from "../../support/canary-world.js";
import { told, tryWorld } from "../../support/every-law.js";

const family = { name: "law-00/some (kind)", seeds: ["7"] };
const sound = { ...family, world: () => CANARY_WORLD };
const anything = () => true;

it("finds nothing in a world that keeps all laws", () => {
  const tried = tryWorld(sound, "7");
  expect(tried).toEqual({ seed: "7", violations: [] });
  expect(told([tried], family.name, anything)).toBe("");
});

it.each([
  [
    "cannot be drawn",
    {
      ...family,
      world: () => {
        throw new Error("no world");
      },
    },
  ],
  ["is no scenario", { ...family, world: () => ({ ...CANARY_WORLD, pools: {} }) }],
])("tells of a world that %s as of any other, with its seed and command", (_, broken) => {
  const text = told([tryWorld(broken, "7")], "law-00/some", (law) => law === "CRASH");
  expect(text).toContain("world 7:\n  CRASH at 0 s: ");
  expect(text).toMatch(
    /SURGEFLEET_SWARM_FAMILY=law-00\/some SURGEFLEET_SWARM_SEED=7 npx vitest run \S+every-law\.test\.ts$/,
  );
});

it("tells of a world that is not what its test wants to see", () => {
  const look = () => expect(1).toBe(2);
  expect(tryWorld(sound, "7", { look }).violations).toEqual([
    { law: "CRASH", at: 0, message: expect.stringContaining("expected 1 to be 2") },
  ]);
});

it("names the seed of whatever law is broken", () => {
  const broken = [{ seed: "9", violations: [{ law: "LAW-13" as const, at: 2e6, message: "as is" }] }];
  expect(told(broken, "one", (law) => law === "LAW-1")).toBe("");
  expect(told(broken, "one", anything)).toContain("world 9:\n  LAW-13 at 2 s: as is\nrepeat with");
});
