// An M/M/c/K whose c follows a schedule, against its transient solution: shares of those that wait and that are shed, and
// the queue at instants of a period, in which the fleet never comes to rest. What drains finishes what it has, and is
// taken back if it is needed again first; a chain that drops it instead does not fit.
import { describe, expect, test } from "vitest";
import { type AttemptRow, parseScenario, type ScenarioInput, Simulation } from "../../src/core/index.js";
import { boundedLine } from "../support/closed-forms.js";
import { gear } from "../support/mode.js";
import { expectCovers, lossSystem, once, SLOW, studentInterval } from "../support/oracle.js";
import { periodicCourse, type ScheduledServers } from "../support/scheduled-servers.js";

const PERIOD = 3;
/** Half a second into each phase, and just before each ends. */
const AT = [0.5, 1.4, 2, 2.9];
const WARMUP = 60;
const SECONDS = gear(1860, 9060);
/** By day, servers that take 6 % too long have to be seen. */
const SLOWER = gear(SLOW ** 2, SLOW);
const REPLICATIONS = 20;

const PHASES = [
  { seconds: 1.5, servers: 4 },
  { seconds: 1.5, servers: 2 },
] as const;
const UNBOUNDED = 70;

function scenarioOf({ arrivals, places }: ScheduledServers): ScenarioInput {
  const admission =
    places === UNBOUNDED
      ? ({ policy: "none" } as const)
      : ({ policy: "tail-drop", maxQueue: places, queueTimeout: "10h" } as const);
  const [first, second] = PHASES;
  return lossSystem({
    slots: 1,
    rates: { standard: arrivals },
    admission,
    duration: `${SECONDS}s`,
    warmup: "0s",
    more: {
      // Room for others beside those that drain: a fleet that starts these instead of taking back does not fit.
      inventory: { gpus: 2 * first.servers },
      pools: {
        shared: {
          replicas: first.servers,
          replica: { engine: "slots", slots: 1, tokensPerSecond: 1e6 },
          admission,
          autoscaler: {
            algorithm: "schedule",
            every: `${PERIOD}s`,
            steps: [
              { at: "0s", replicas: first.servers },
              { at: `${first.seconds}s`, replicas: second.servers },
            ],
          },
        },
      },
    },
  });
}

interface Sample {
  readonly shed: number;
  readonly waits: number;
  readonly queueAt: readonly number[];
}

/** Of one run, after its warm-up. */
function sampleOf(attempts: readonly AttemptRow[]): Sample {
  const queueAt = AT.map(() => 0);
  const periods = (SECONDS - WARMUP) / PERIOD;
  let [all, shed, waits] = [0, 0, 0];
  for (const { arrived, started, ended } of attempts) {
    const left = started ?? ended ?? SECONDS;
    for (const [index, at] of AT.entries()) {
      const first = Math.max(WARMUP / PERIOD, Math.ceil((arrived - at) / PERIOD));
      const beyond = Math.ceil((left - at) / PERIOD);
      queueAt[index]! += Math.max(0, beyond - first) / periods;
    }
    if (arrived < WARMUP) continue;
    all++;
    if (left > arrived) waits++;
    else if (started === null) shed++;
  }
  return { shed: shed / all, waits: waits / all, queueAt };
}

function measuredCourse(system: ScheduledServers) {
  const scenario = parseScenario(scenarioOf(system));
  const samples = Array.from({ length: REPLICATIONS }, (_, index) => {
    const attempts: AttemptRow[] = [];
    new Simulation(scenario, {
      seed: `scheduled/${index + 1}`,
      onAttempt: (row) => attempts.push({ ...row }),
    }).run();
    return sampleOf(attempts);
  });
  const interval = (of: (sample: Sample) => number) => studentInterval(samples.map(of), 0.999);
  return {
    shed: interval(({ shed }) => shed),
    waits: interval(({ waits }) => waits),
    queueAt: AT.map((_, index) => interval(({ queueAt }) => queueAt[index]!)),
  };
}

const bounded: ScheduledServers = { arrivals: 2.7, places: 5, phases: PHASES };
const unbounded: ScheduledServers = { arrivals: 2.1, places: UNBOUNDED, phases: PHASES };
const runs = {
  bounded: once(() => measuredCourse(bounded)),
  unbounded: once(() => measuredCourse(unbounded)),
};

describe("the chain itself", () => {
  test("a schedule that changes nothing is an M/M/c/K", () => {
    const steady = periodicCourse({ arrivals: 2.4, places: 6, phases: [{ seconds: 2, servers: 3 }] }, [0, 1]);
    const { blocking, wait } = boundedLine(3, 9, 2.4);
    expect(steady.shed).toBeCloseTo(blocking, 8);
    const queue = 2.4 * (1 - blocking) * wait;
    for (const mean of steady.queueAt) expect(mean).toBeCloseTo(queue, 8);
  });

  test("one server that is there every other second, without a queue: by hand", () => {
    // On: p' = a (1 - p) - p. Off: p' = -p, for what is on it is finished; all that come then are shed.
    const [a, on, off] = [2, 1, 1];
    const [limit, decay] = [a / (a + 1), Math.exp(-(a + 1) * on)];
    const begin = (Math.exp(-off) * limit * (1 - decay)) / (1 - Math.exp(-off) * decay);
    const busy = limit * on + ((begin - limit) * (1 - decay)) / (a + 1);
    const phases = [
      { seconds: on, servers: 1 },
      { seconds: off, servers: 0 },
    ];
    const course = periodicCourse({ arrivals: a, places: 0, phases }, []);
    expect(course.shed).toBeCloseTo((busy + off) / (on + off), 7);
  });
});

describe("four servers and two by turns", () => {
  test.each([
    ["five places in the queue", bounded, runs.bounded],
    ["a queue without bound", unbounded, runs.unbounded],
  ])("%s: who waits, who is shed, and the queue at four instants", (_, system, measured) => {
    const exact = periodicCourse(system, AT);
    const slow = periodicCourse({ ...system, service: SLOWER }, AT);
    const { shed, waits, queueAt } = measured();
    if (system.places !== UNBOUNDED) expectCovers(shed, exact.shed, slow.shed);
    expectCovers(waits, exact.waits, slow.waits);
    for (const [index, interval] of queueAt.entries())
      expectCovers(interval, exact.queueAt[index]!, slow.queueAt[index]!);
  });

  test("the queue breathes: at the end of few it is twice and more what it is at the end of many", () => {
    const [, many, , few] = periodicCourse(bounded, AT).queueAt;
    expect(few! / many!).toBeGreaterThan(2);
  });

  test("a fleet that drops what drains is told from one that finishes it", () => {
    const dropped = periodicCourse({ ...bounded, dropsWhatDrains: true }, AT);
    const { shed, waits } = runs.bounded();
    expect(() => expectCovers(shed, dropped.shed, 2 * dropped.shed)).toThrow(/is below/);
    expect(() => expectCovers(waits, dropped.waits, 2 * dropped.waits)).toThrow(/is below/);
  });
});
