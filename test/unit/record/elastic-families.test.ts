// The worlds by which the record pins results of elastic fleets are what their names say.
import { expect, test } from "vitest";
import { AUTOSCALERS } from "../../../src/core/server/fleet/control/autoscalers/registry.js";
import { FAULTS } from "../../../src/core/server/fleet/faults/registry.js";
import { dataText } from "../../record/canonical.js";
import { ELASTIC_FAMILIES } from "../../support/elastic-families.js";
import { FAMILIES } from "../../support/worlds.js";

function worldsOf(kind: string) {
  const { seeds, world } = ELASTIC_FAMILIES.find(({ name }) => name === `elastic/${kind}`)!;
  return seeds.map(world);
}

test.each(AUTOSCALERS.map(({ name }) => name))("some pool is sized by %s", (name) => {
  const scalers = worldsOf(name).flatMap(({ pools }) =>
    Object.values(pools).map(({ autoscaler }) => autoscaler),
  );
  expect(scalers).toContainEqual(expect.objectContaining({ algorithm: name }));
});

test.each(FAULTS.map(({ name }) => name))("each world has a fault of kind %s", (name) => {
  for (const { faults } of worldsOf(name))
    expect(Object.values(faults!)).toContainEqual(expect.objectContaining({ fault: name }));
});

test("a spot market has a part of the nodes, and models come and go", () => {
  for (const { inventory } of worldsOf("partly-spot"))
    expect(inventory).toMatchObject({
      nodes: { first: { market: "on-demand" }, second: { market: "spot" } },
    });
  const lives = worldsOf("model-life").flatMap(({ paths }) => Object.values(paths));
  for (const end of ["launch", "retire"]) expect(lives.some((path) => end in path)).toBe(true);
});

test("none has the name of another family", () => {
  const names = [...FAMILIES, ...ELASTIC_FAMILIES].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test("of their results nothing is left out", () => {
  const fleet = { fleet: { gpuSeconds: { ready: 1 } } };
  expect(dataText(fleet)).toBe(dataText({}));
  expect(dataText(fleet, new Set())).toContain('"ready": 1');
});
