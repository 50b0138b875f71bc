// The contract of placement rules over every rule there is, with its defaults and with options from the corners; and
// over planted rules, each of which one law must find.
import { describe, expect, it } from "vitest";
import { NEVER } from "../../src/core/base/units.js";
import { CLOSED } from "../../src/core/server/fleet/load-index.js";
import { createRule, PLACEMENTS, placement } from "../../src/core/server/fleet/placement/registry.js";
import type { PlacementRule, RuleContext } from "../../src/core/server/fleet/placement/rule.js";
import type { SequenceWork } from "../../src/core/server/replica/replica.js";
import { type CreateRule, PLACEMENT_LAWS, placementContract } from "./placement-rule.js";

const PERIODS = ["0s", "1s", "1us"].map((period) => ({ signals: { period } }));

const MORE: Readonly<Record<string, readonly object[]>> = {
  affinity: [{ affinitySlack: 0 }, { affinitySlack: 1 }],
  "prefix-aware": [
    { signals: { period: "0s" } },
    { cacheWeight: 0, signals: { period: "1s" } },
    { cacheWeight: 1000, signals: { period: "1us" } },
    { signals: { period: "10us", age: "25us", loss: "30%" } },
  ],
  "kv-headroom": [...PERIODS, { signals: { period: "10us", age: "25us", loss: "30%" } }],
  "least-loaded": PERIODS,
  "power-of-two": PERIODS,
};

for (const { name } of PLACEMENTS) {
  placementContract(name, (context) => createRule(placement.parse(name), context));
  for (const more of MORE[name] ?? []) {
    const spec = placement.parse({ strategy: name, ...more } as never);
    placementContract(`${name} ${JSON.stringify(more)}`, (context) => createRule(spec, context));
  }
}

const firstOf = ({ ready }: RuleContext) => ready[0]!;
let planted = 0;

/** By what is wrong with them, and the beginning of the law that finds it. */
const PLANTED: readonly (readonly [what: string, law: string, create: CreateRule])[] = [
  [
    "goes to a replica that it once knew",
    "names",
    (context) => {
      let home: number | undefined;
      return {
        wish: () => {
          home ??= firstOf(context);
          return home;
        },
      };
    },
  ],
  [
    "takes a replica off the list",
    "names",
    ({ ready }) => ({ wish: () => (ready.length > 1 ? (ready as number[]).pop()! : ready[0]!) }),
  ],
  [
    "closes a replica that has room",
    "LAW-8",
    ({ loads }) => ({
      wish: (_, least) => {
        loads.set(least, CLOSED);
        return least;
      },
    }),
  ],
  [
    "draws by itself",
    "LAW-4",
    ({ ready }) => ({ wish: () => ready[Math.floor(Math.random() * ready.length)]! }),
  ],
  ["counts over all pools", "knows", ({ ready }) => ({ wish: () => ready[planted++ % ready.length]! })],
  [
    "looks at the answer",
    "LAW-6",
    ({ ready }) => ({
      wish: (work) => ready[(work as SequenceWork).outputTokens === 1 ? 0 : ready.length - 1]!,
    }),
  ],
  [
    "looks past its copy",
    "LAW-7",
    (): PlacementRule => ({
      wish: (_, least) => least,
      signals: { dueAt: NEVER, renew: () => undefined },
    }),
  ],
  ["knows the first one alone", "spreads", (context) => ({ wish: () => firstOf(context) })],
];

describe("the contract of placement rules finds one that", () => {
  it.each(PLANTED)("%s", (_, law, create) => {
    const [found] = Object.entries(PLACEMENT_LAWS).filter(([name]) => name.startsWith(law));
    expect(() => found![1](create)).toThrow(/Property failed|greater than or equal/);
  });

  it("breaks any of its laws: each has a planted rule", () => {
    const names = Object.keys(PLACEMENT_LAWS);
    expect(names.filter((name) => !PLANTED.some(([, law]) => name.startsWith(law)))).toEqual([]);
  });
});
