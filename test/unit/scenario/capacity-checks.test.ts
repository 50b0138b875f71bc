import { describe, expect, it } from "vitest";
import { loaded, problems, SMALL, withLine } from "./scenarios.js";

const byClock = (steps: string, replicas = 4, more = "") =>
  withLine(6, `    replicas: ${replicas}\n    autoscaler: { algorithm: schedule, ${more}steps: ${steps} }`);
const withOutages = (...outages: readonly string[]) =>
  `${SMALL}outages:\n${outages.map((one) => `  - ${one}\n`).join("")}`;
const told = (text: string) => expect(problems(text));

describe("capacity by the clock", () => {
  it("is a list of times and numbers of replicas, and may begin or end at none", () => {
    const { pools } = loaded(byClock("[{ at: 1m, replicas: 0 }, { at: 2m, replicas: 3 }]", 0));
    expect(pools["shared"]).toMatchObject({
      replicas: 0,
      autoscaler: {
        steps: [
          { at: 60e6, replicas: 0 },
          { at: 120e6, replicas: 3 },
        ],
      },
    });
    told(byClock("[{ at: 5m, replicas: 0 }]")).toEqual([]);
  });

  it("is in order of time, each entry at its own", () => {
    told(byClock("[{ at: 2m, replicas: 2 }, { at: 1m, replicas: 1 }, { at: 1m, replicas: 3 }]")).toEqual([
      expect.stringContaining(
        "autoscaler.steps.1.at: not later than the step before it (2m): write them in order of time",
      ),
      expect.stringContaining("autoscaler.steps.2.at: not later than the step before it (1m)"),
    ]);
  });

  it("changes nothing after the end of the run", () => {
    told(byClock("[{ at: 10m, replicas: 2 }]")).toEqual([
      expect.stringMatching(
        /:7:54 pools.shared.autoscaler.steps.0.at: the run ends before that \(duration is 10m\)/,
      ),
    ]);
  });

  it("has a replica at some time", () => {
    told(withLine(6, "    replicas: 0")).toEqual([
      expect.stringMatching(
        /:6:15 pools.shared.replicas: the pool never has a replica: give it one, or an autoscaler/,
      ),
    ]);
    for (const text of [byClock("[{ at: 1m, replicas: 0 }]", 0), byClock("[{ at: 0, replicas: 0 }]", 3)]) {
      told(text).toEqual([expect.stringMatching(/pools.shared.autoscaler: the pool never has a replica$/)]);
    }
  });

  it("needs no more GPUs than there are, at any time, of all pools together", () => {
    told(byClock("[{ at: 1m, replicas: 6 }, { at: 3m, replicas: 2 }]")).toEqual([
      expect.stringContaining("inventory.gpus: the pools need 6 GPUs at 1m, the inventory has 4"),
    ]);
    const second = `  other:
    replicas: 0
    autoscaler: { algorithm: schedule, steps: [{ at: 2m, replicas: 1 }, { at: 4m, replicas: 3 }] }
    replica: { engine: slots, slots: 8, tokensPerSecond: 50 }
`;
    const both = (steps: string) => byClock(steps).replace("paths:\n", `${second}paths:\n`);
    told(both("[{ at: 2m, replicas: 3 }, { at: 3m, replicas: 1 }]")).toEqual([]);
    told(both("[{ at: 3m, replicas: 1 }]")).toEqual([
      expect.stringContaining("the pools need 5 GPUs at 2m, the inventory has 4"),
    ]);
  });

  it("may come again with a period, and is within its bounds", () => {
    const daily = "every: 4m, ";
    told(byClock("[{ at: 1m, replicas: 2 }, { at: 3m, replicas: 4 }]", 9, daily)).toEqual([]);
    told(byClock("[{ at: 1m, replicas: 2 }, { at: 3m, replicas: 6 }]", 4, `${daily}max: 4, `)).toEqual([]);
    // Before its first step as well.
    told(byClock("[{ at: 1m, replicas: 2 }]", 9, "max: 4, ")).toEqual([]);
    told(byClock("[{ at: 1m, replicas: 1 }]", 4, "min: 5, ")).toEqual([
      expect.stringContaining("the pools need 5 GPUs, the inventory has 4"),
    ]);
    // The second pool has most in the minute after its own period of three.
    const second = `  other:
    replicas: 0
    autoscaler: { algorithm: schedule, every: 3m, steps: [{ at: 0s, replicas: 3 }, { at: 1m, replicas: 1 }] }
    replica: { engine: slots, slots: 8, tokensPerSecond: 50 }
`;
    const both = (steps: string) => byClock(steps, 4, daily).replace("paths:\n", `${second}paths:\n`);
    told(both("[{ at: 0s, replicas: 1 }]")).toEqual([]);
    told(both("[{ at: 0s, replicas: 1 }, { at: 2m, replicas: 3 }]")).toEqual([
      expect.stringContaining("the pools need 6 GPUs at 3m, the inventory has 4"),
    ]);
  });

  it("says what is malformed in it, and no more", () => {
    told(byClock("[{ at: soon, replicas: 9 }]")).toEqual([expect.stringContaining("autoscaler.steps.0.at")]);
    told(byClock("[{ at: 1m, replicas: -1 }]")).toEqual([
      expect.stringContaining("autoscaler.steps.0.replicas"),
    ]);
    told(byClock("[]")).toEqual([expect.stringContaining("pools.shared.autoscaler.steps")]);
  });
});

describe("outages of some instances", () => {
  it("take none of a pool that is not there, whatever decides how many it has", () => {
    const living = SMALL.replace("pool: shared, rank: 1", "pool: shared, rank: 1, launch: 2m, retire: 5m");
    const scaled = living.replace("replicas: 4", "replicas: 1\n    autoscaler: target-load");
    const breaking = (text: string, at: string) => [
      ...problems(`${text}outages: [{ pool: shared, from: ${at}, for: 1m, instances: 1 }]\n`),
      ...problems(`${text}faults: { one: { fault: hang, at: ${at}, instances: 1, pool: shared } }\n`),
    ];
    for (const text of [living, scaled]) {
      expect(breaking(text, "3m")).toEqual([]);
      const early = `${text}faults: { one: { fault: hang, at: 1m, pool: shared } }\n`;
      told(early).toEqual([expect.stringMatching(/faults.one.at: .* 0 instances then/)]);
      for (const at of ["1m", "5m"]) {
        expect(breaking(text, at)).toEqual([
          expect.stringContaining('outages.0.instances: pool "shared" has 0 instances then'),
          expect.stringMatching(/faults.one.instances: .* 0 instances/),
        ]);
      }
    }
  });

  it("take no more than the pool has at that time", () => {
    told(withOutages("{ pool: shared, from: 1m, for: 1m, instances: 4 }")).toEqual([]);
    told(withOutages("{ pool: shared, from: 1m, for: 1m, instances: 5 }")).toEqual([
      expect.stringMatching(/:18:51 outages.0.instances: pool "shared" has 4 instances then$/),
    ]);
    told(withOutages("{ pool: shared, from: 1m, for: 1m, instances: 100% }")).toEqual([]);
    const scaled = withOutages("{ pool: shared, from: 1m, for: 1m, instances: 5 }").replace(
      "replicas: 4",
      "replicas: 4\n    autoscaler: { algorithm: target-load, max: 4 }",
    );
    told(scaled).toEqual([expect.stringContaining('pool "shared" has no more than 4 instances then')]);
    told(scaled.replace("max: 4", "max: 5")).toEqual([]);
    const shrunk = byClock("[{ at: 2m, replicas: 1 }]");
    const outage = (from: string) =>
      `${shrunk}outages: [{ pool: shared, from: ${from}, for: 1m, instances: 2 }]\n`;
    told(outage("1m")).toEqual([]);
    told(outage("2m")).toEqual([expect.stringContaining('pool "shared" has 1 instance then')]);
  });

  it("take none that another one has taken", () => {
    const pair = (from: string) =>
      withOutages(
        "{ pool: shared, from: 1m, for: 1m, instances: 3 }",
        `{ pool: shared, from: ${from}, for: 1m, instances: 2 }`,
      );
    told(pair("2m")).toEqual([]);
    for (const from of ["1m", "119s"]) {
      told(pair(from)).toEqual([
        expect.stringContaining(
          'outages.1.instances: pool "shared" has 4 instances then, of which other outages have taken 3',
        ),
      ]);
    }
    told(
      withOutages("{ pool: shared, from: 1m, for: 1m, instances: 3 }", "{ pool: shared, from: 1m, for: 9m }"),
    ).toEqual([]);
  });

  it("take as many as they like where load decides how many there are", () => {
    const scaled = SMALL.replace("replicas: 4\n", "replicas: 1\n    autoscaler: hpa\n");
    told(`${scaled}outages: [{ pool: shared, from: 1m, for: 1m, instances: 3 }]\n`).toEqual([]);
  });

  it("take at least one", () => {
    told(withOutages("{ pool: shared, from: 1m, for: 1m, instances: 0 }")).toEqual([
      expect.stringContaining("outages.0.instances: 0 is out of range"),
    ]);
  });
});
