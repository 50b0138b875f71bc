// How long an elastic fleet takes, in the whole simulator and with nothing left to chance: the step response of an
// autoscaler against metrics + rate limit + cold start in closed form, and what the first caller waits where there is
// nothing yet, or where something sleeps.
import { describe, expect, test } from "vitest";
import { type AttemptRow, parseScenario, type ScenarioInput, Simulation } from "../../src/core/index.js";

type Pool = ScenarioInput["pools"][string];

interface Calls {
  /** Seconds of arrival. */
  readonly at: readonly number[];
  readonly seconds: number;
  readonly pool: Partial<Pool>;
  readonly inventory?: ScenarioInput["inventory"];
}

/**
 * Slots that make one token a second, and answers of one token. A trace begins with its first call, which goes to a pool
 * of its own.
 */
function play({ at, seconds, pool, inventory = { gpus: 10 } }: Calls) {
  const scenario = parseScenario({
    schemaVersion: 1,
    duration: `${seconds}s`,
    inventory,
    pools: {
      shared: {
        replicas: 1,
        replica: { engine: "slots", slots: SLOTS, tokensPerSecond: 1 },
        admission: { policy: "none" },
        ...pool,
      },
      other: { replicas: 1, replica: { engine: "slots", slots: 1, tokensPerSecond: 1 } },
    },
    paths: {
      standard: { model: "m", pool: "shared", rank: 0 },
      other: { model: "other", pool: "other", rank: 0 },
    },
    traffic: { calls: { arrivals: { trace: "calls" }, mix: { standard: 1 } } },
  } as ScenarioInput);
  const rows: AttemptRow[] = [];
  const text = [
    "timestamp,input_tokens,output_tokens,model",
    "0,1,1,other",
    ...at.map((time) => `${time},1,1,`),
  ].join("\n");
  const simulation = new Simulation(scenario, {
    readTrace: () => [text],
    onAttempt: (row) => row.tier === "standard" && rows.push({ ...row }),
  });
  simulation.run();
  return { rows, result: simulation.result() };
}

const SLOTS = 2;

describe("a step of load from 2 to 8 a second, where a replica carries 2", () => {
  const [STEP, END] = [100, 300];
  const COLD_START = 60;
  /*
   * Sampled every 10 s, averaged over 30 s: 2, 4, 6 and 8 a second at 100, 110, 120 and 130 s, that is one to four
   * replicas. One is added in 20 s: at 110, 130 and 150 s, and each is there a minute later.
   */
  const ADDED = [110, 130, 150];
  const READY = ADDED.map((second) => second + COLD_START);
  const pool: Partial<Pool> = {
    coldStart: { preset: "warm", init: `${COLD_START}s` },
    autoscaler: {
      algorithm: "target-load",
      targets: { requests: 2 },
      ...{ interval: "10s", window: "30s", upWindow: "0s", upRate: { replicas: 1, per: "20s" } },
    },
  };
  /** No arrival is at the instant of a sample, or of a start. */
  const OFF = 1 / 16;
  const before = Array.from({ length: 2 * STEP }, (_, index) => index / 2 + OFF);
  const after = Array.from({ length: 8 * (END - STEP) }, (_, index) => STEP + index / 8 + OFF);
  /** Six a second until the first new one is there, then four and two, each for 20 s. */
  const EXCESS = 6 * 70 + 4 * 20 + 2 * 20;
  const at = [...before, ...after];

  const arrivedBy = (second: number) => at.filter((one) => one < second).length;
  /** The first replica starts one every half second; the others begin with two at once, and so each second. */
  const startedBy = (second: number) =>
    Math.ceil(2 * (second - OFF)) +
    READY.filter((ready) => second > ready).reduce(
      (sum, ready) => sum + SLOTS * Math.ceil(second - ready),
      0,
    );
  const queuedAt = (rows: readonly AttemptRow[], second: number) =>
    rows.filter(({ arrived, started, ended }) => arrived < second && (started ?? ended ?? END) >= second)
      .length;

  const { rows, result } = play({ at, seconds: END, pool });

  test("replicas come a cold start after they were asked for, which metrics and rate limit delay", () => {
    const { interval, pools } = result.series;
    const { replicas } = pools[0]!;
    const upAt = (second: number) => 1 + READY.filter((ready) => second >= ready).length;
    expect(replicas).toEqual(replicas.map((_, bin) => upAt(bin * interval)));
    const { warming, ready } = result.pools[0]!.gpuSeconds;
    expect(warming).toBe(3 * COLD_START);
    expect(ready).toBe(END + READY.reduce((sum, second) => sum + END - second, 0));
  });

  test("the queue is what was too much meanwhile", () => {
    const seconds = Array.from({ length: 2 * END - 2 }, (_, index) => (index + 2) / 2);
    expect(seconds.map((second) => queuedAt(rows, second))).toEqual(
      seconds.map((second) => arrivedBy(second) - startedBy(second)),
    );
    expect(queuedAt(rows, END)).toBe(EXCESS);
  });

  test.each([0, 50, 300])("with %i places in the queue the rest of it is shed", (maxQueue) => {
    const admission = { policy: "tail-drop", maxQueue, queueTimeout: "1h" } as const;
    const bounded = play({ at, seconds: END, pool: { ...pool, admission } });
    // The new ones start theirs together, each second: within one, as many as come find no place.
    const most = SLOTS * READY.length;
    const shed = bounded.result.all.outcomes.overloaded;
    expect(shed).toBeGreaterThanOrEqual(EXCESS - maxQueue);
    expect(shed).toBeLessThanOrEqual(EXCESS - maxQueue + most);
    expect(shed + queuedAt(bounded.rows, END)).toBe(EXCESS);
  });
});

describe("the first caller where there is nothing yet", () => {
  const ONE = { gpus: 2 } as const;
  const STAGES = { provision: 40, image: 30, load: 8, init: 50 } as const;
  const coldStart = {
    preset: "cold",
    provision: `${STAGES.provision}s`,
    image: `${STAGES.image}s`,
    weights: { bytes: 16e9, bandwidth: 2, spread: 1 },
    init: `${STAGES.init}s`,
    wake: "3s",
  } as const;
  const fromDisk = STAGES.image + STAGES.load + STAGES.init;
  const POLL = 30;

  /** In how many seconds each caller has its place. */
  function waitsOf(calls: readonly number[], pool: Partial<Pool>, inventory?: ScenarioInput["inventory"]) {
    const { rows } = play({
      at: calls,
      seconds: 4000,
      pool: { replicas: 0, warmPool: 0, ...pool },
      ...(inventory !== undefined && { inventory }),
    });
    return rows.map(({ arrived, started }) => Math.round((started! - arrived) * 1e6) / 1e6);
  }

  const keda = { algorithm: "keda", min: 0, polling: `${POLL}s`, targets: { concurrency: 2 } } as const;

  // Polls are at 0, 30, 60 s: control comes before arrivals, so that one at a poll is seen by the next.
  test.each([
    [0, 30],
    [0.25, 29.75],
    [29.5, 0.5],
    [30, 30],
    [1000, 20],
  ])("keda, a call at %d s: waits %d s for the poll, then for image, weights and engine", (at, poll) => {
    expect(waitsOf([at], { coldStart, autoscaler: keda }, ONE)).toEqual([poll + fromDisk]);
  });

  test("metrics that are late are polled late, and a node that is not up yet has to come up", () => {
    const late = { ...keda, metricsEvery: "5s", metricsDelay: "20s" };
    // The sample of 15 s is the first that has it, and is seen at 35 s: the poll is at 60 s.
    expect(waitsOf([12], { coldStart, autoscaler: late }, ONE)).toEqual([60 - 12 + fromDisk]);
    const nodes = { nodes: { big: { gpusPerNode: 1, count: 2, price: 2 } } };
    expect(waitsOf([12], { coldStart, autoscaler: keda }, nodes)).toEqual([
      30 - 12 + STAGES.provision + fromDisk,
    ]);
  });

  test("who comes meanwhile waits for what is left of it", () => {
    const ready = 30 + fromDisk;
    expect(waitsOf([12, 50, ready - 1, ready + 2], { coldStart, autoscaler: keda }, ONE)).toEqual([
      ready - 12,
      ready - 50,
      // Two slots: the first two have them for a second.
      1 + 1,
      0,
    ]);
  });

  test("knative looks every two seconds, and one that sleeps is woken at once", () => {
    const knative = { algorithm: "knative", min: 0 } as const;
    expect(waitsOf([101.5], { coldStart, autoscaler: knative }, ONE)).toEqual([0.5 + fromDisk]);
    expect(waitsOf([101.5], { coldStart, autoscaler: knative, warmPool: 1 }, ONE)).toEqual([0.5 + 3]);
    expect(waitsOf([101], { coldStart, autoscaler: keda, warmPool: 1 }, ONE)).toEqual([19 + 3]);
  });

  test("goes back to nothing after its cooldown, and the next one waits the whole of it again", () => {
    // The last poll that sees it in the queue, and five minutes.
    const ready = 30 + fromDisk;
    const gone = Math.floor(ready / POLL) * POLL + 300;
    const wait = (...calls: number[]) => waitsOf(calls, { coldStart, autoscaler: keda }, ONE);
    expect(wait(12, gone - 1)).toEqual([ready - 12, 0]);
    expect(wait(12, gone + 1)).toEqual([ready - 12, POLL - 1 + fromDisk]);
  });
});
