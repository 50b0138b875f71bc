// What a fault says of a stated time counts for nothing without one, and what it says of chance for nothing without
// that: something else was meant.
import { expect, it } from "vitest";
import { FAULTS } from "../../../../../src/core/server/fleet/faults/registry.js";
import { problems, SMALL } from "../../../scenario/scenarios.js";

const SPOT = "inventory: { nodes: { h: { gpusPerNode: 8, count: 2, market: spot } } }";
const NODES = SMALL.replace(/^inventory:.*$/m, SPOT);
const told = (fault: string) => problems(`${NODES}faults: { f: { fault: ${fault} } }\n`);

/** Of each kind: a key that says what happens at a stated time, with how it is said that it comes by chance. */
const TIMED = [
  ["node-loss", "nodes: 1", "mtbf: 6h"],
  ["rack-loss", "racks: 1", "mtbf: 6h"],
  ["spot-reclaim", "zones: 1", "up: 6h"],
  ["spot-reclaim", "for: 1m", "up: 6h"],
  ["instance-crash", "instances: 1", "mtbf: 6h"],
  ["hang", "instances: 1", "mtbf: 6h"],
  ["slow-down", "instances: 1", "mtbf: 6h"],
] as const;

it("says what happens at a stated time only where there is one", () => {
  const amounts = ["nodes", "racks", "zones", "instances"];
  const counting = FAULTS.filter(({ options }) => amounts.some((key) => key in options));
  expect(new Set(TIMED.map(([kind]) => kind))).toEqual(new Set(counting.map(({ name }) => name)));
  for (const [kind, key, often] of TIMED) {
    const place = `faults.f.${key.slice(0, key.indexOf(":"))}: counts at a stated time alone: say at, too`;
    expect(told(`${kind}, ${key}`)).toEqual([expect.stringContaining(place)]);
    expect(told(`${kind}, ${key}, ${often}`)).toEqual([expect.stringContaining(place)]);
    expect(told(`${kind}, ${key}, at: 1m`)).toEqual([]);
    expect(told(`${kind}, ${key}, at: 1m, ${often}`)).toEqual([]);
  }
});

it("says how it comes by chance only where it does", () => {
  for (const [kind, key, often] of [
    ["node-loss", "lemons: 2%", "mtbf"],
    ["node-loss", "times: 5", "mtbf"],
    ["node-loss", "spread: 1", "mtbf"],
    ["spot-reclaim", "down: 5m", "up"],
  ] as const) {
    const place = `counts by chance alone: with at say ${often}, too`;
    expect(told(`${kind}, ${key}, at: 1m`)).toEqual([expect.stringContaining(place)]);
    expect(told(`${kind}, ${key}`)).toEqual([]);
    expect(told(`${kind}, ${key}, at: 1m, ${often}: 6h`)).toEqual([]);
  }
});
