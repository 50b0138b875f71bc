import { describe, expect, it } from "vitest";
import { loaded, problems, SMALL, withLine } from "./scenarios.js";

const withSchedule = (schedule: string, replicas = 4) =>
  withLine(6, `    replicas: ${replicas}\n    schedule: ${schedule}`);
const withOutages = (...outages: readonly string[]) =>
  `${SMALL}outages:\n${outages.map((one) => `  - ${one}\n`).join("")}`;
const told = (text: string) => expect(problems(text));

describe("capacity by hand", () => {
  it("is a list of times and numbers of replicas, and may begin or end at none", () => {
    const { pools } = loaded(withSchedule("[{ at: 1m, replicas: 0 }, { at: 2m, replicas: 3 }]", 0));
    expect(pools["shared"]).toMatchObject({
      replicas: 0,
      schedule: [
        { at: 60e6, replicas: 0 },
        { at: 120e6, replicas: 3 },
      ],
    });
    told(withSchedule("[{ at: 5m, replicas: 0 }]")).toEqual([]);
  });

  it("is in order of time, each entry at its own", () => {
    told(withSchedule("[{ at: 2m, replicas: 2 }, { at: 1m, replicas: 1 }, { at: 1m, replicas: 3 }]")).toEqual(
      [
        expect.stringContaining(
          "schedule.1.at: not later than the entry before it (2m): write them in order of time",
        ),
        expect.stringContaining("schedule.2.at: not later than the entry before it (1m)"),
      ],
    );
  });

  it("changes nothing after the end of the run", () => {
    told(withSchedule("[{ at: 10m, replicas: 2 }]")).toEqual([
      expect.stringMatching(/:7:22 pools.shared.schedule.0.at: the run ends before that \(duration is 10m\)/),
    ]);
  });

  it("has a replica at some time", () => {
    told(withLine(6, "    replicas: 0")).toEqual([
      expect.stringMatching(
        /:6:15 pools.shared.replicas: the pool never has a replica: give it one, or a schedule/,
      ),
    ]);
    for (const schedule of [
      withSchedule("[{ at: 1m, replicas: 0 }]", 0),
      withSchedule("[{ at: 0, replicas: 0 }]", 3),
    ]) {
      told(schedule).toEqual([expect.stringMatching(/pools.shared.replicas: the pool never has a replica$/)]);
    }
  });

  it("needs no more GPUs than there are, at any time, of all pools together", () => {
    told(withSchedule("[{ at: 1m, replicas: 6 }, { at: 3m, replicas: 2 }]")).toEqual([
      expect.stringContaining("inventory.gpus: the pools need 6 GPUs at 1m, the inventory has 4"),
    ]);
    const second = `  other:
    replicas: 0
    schedule: [{ at: 2m, replicas: 1 }, { at: 4m, replicas: 3 }]
    replica: { engine: slots, slots: 8, tokensPerSecond: 50 }
`;
    const both = (schedule: string) => withSchedule(schedule).replace("paths:\n", `${second}paths:\n`);
    told(both("[{ at: 2m, replicas: 3 }, { at: 3m, replicas: 1 }]")).toEqual([]);
    told(both("[{ at: 3m, replicas: 1 }]")).toEqual([
      expect.stringContaining("the pools need 5 GPUs at 2m, the inventory has 4"),
    ]);
  });

  it("says what is malformed in it, and no more", () => {
    told(withSchedule("[{ at: soon, replicas: 9 }]")).toEqual([expect.stringContaining("schedule.0.at")]);
    told(withSchedule("[{ at: 1m, replicas: -1 }]")).toEqual([
      expect.stringContaining("schedule.0.replicas"),
    ]);
    told(withSchedule("[]")).toEqual([expect.stringContaining("pools.shared.schedule")]);
  });
});

describe("outages of some instances", () => {
  it("take no more than the pool has at that time", () => {
    told(withOutages("{ pool: shared, from: 1m, for: 1m, instances: 4 }")).toEqual([]);
    told(withOutages("{ pool: shared, from: 1m, for: 1m, instances: 5 }")).toEqual([
      expect.stringMatching(/:18:51 outages.0.instances: pool "shared" has 4 instances then$/),
    ]);
    told(withOutages("{ pool: shared, from: 1m, for: 1m, instances: 100% }")).toEqual([]);
    const shrunk = withSchedule("[{ at: 2m, replicas: 1 }]");
    const outage = (from: string) =>
      `${shrunk}outages: [{ pool: shared, from: ${from}, for: 1m, instances: 2 }]\n`;
    told(outage("1m")).toEqual([]);
    told(outage("2m")).toEqual([expect.stringContaining('pool "shared" has 1 instances then')]);
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

  it("take at least one", () => {
    told(withOutages("{ pool: shared, from: 1m, for: 1m, instances: 0 }")).toEqual([
      expect.stringContaining("outages.0.instances: 0 is out of range"),
    ]);
  });
});
