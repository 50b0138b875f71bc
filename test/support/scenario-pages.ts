// The scenarios that have a page in docs/scenarios/: fleets that lag, break and are rebuilt, what their callers are told,
// and what was published of shedding. Of each the settings that take away what makes its story true, with the threshold
// that then fails; and for some the loads and rules that it was run with besides. story-tables.ts writes the tables.

export interface Without {
  /** As --set takes them. */
  readonly sets: readonly string[];
  /** The threshold that fails then: metric and expression. */
  readonly fails: readonly [metric: string, expression: string];
}

/** The same at several loads and under several rules. */
export interface Sweep {
  /** What the first column is called. */
  readonly of: string;
  readonly loads: readonly Variant[];
  /** Left out: as the scenario has them, and no column for them. */
  readonly rules?: readonly Variant[];
  readonly measures: readonly Measure[];
}

export interface Variant {
  readonly name: string;
  /** As --set takes them. */
  readonly sets: readonly string[];
}

export interface Measure {
  readonly name: string;
  readonly metric: string;
  readonly aggregation: string;
}

export interface Story {
  readonly name: string;
  /** The first takes its mechanism away. */
  readonly without: readonly [Without, ...Without[]];
  readonly sweeps?: readonly Sweep[];
}

const STANDARD = "overloaded_rate{tier:standard,per:attempt}";
const NEXT = "overloaded_rate{tier:next,per:attempt}";

const ELASTIC: readonly Story[] = [
  {
    name: "autoscale-lag",
    without: [{ sets: ["pools.shared.coldStart=none"], fails: [STANDARD, "rate>5%"] }],
  },
  {
    name: "cold-start",
    without: [
      { sets: ["pools.zero.coldStart=none"], fails: ["ttft{tier:zero}", "p(50)>=60s"] },
      { sets: ["pools.asleep.warmPool=0"], fails: ["ttft{tier:asleep}", "p(95)<60s"] },
    ],
  },
  {
    name: "model-launch",
    without: [
      { sets: ["pools.next.displaces=[]"], fails: [NEXT, "rate<35%"] },
      { sets: ["pools.next.launchAhead=0s"], fails: [NEXT, "rate<35%"] },
    ],
  },
  { name: "node-loss", without: [{ sets: ["inventory.nodes.h100.count=3"], fails: [STANDARD, "rate<35%"] }] },
  {
    name: "spot-storm",
    without: [
      { sets: ["pools.shared.nodes=[ondemand]"], fails: [STANDARD, "rate!=0"] },
      { sets: ["pools.shared.nodes=[spot]"], fails: [STANDARD, "rate<70%"] },
    ],
  },
  {
    name: "provider-incident",
    without: [
      { sets: ["faults="], fails: ["unavailable_rate{tier:standard,per:attempt}", "rate!=0"] },
      { sets: ["traffic.callers.client=none"], fails: ["failure_rate{tier:standard}", "rate<3%"] },
    ],
  },
];

const READINGS = "pools.shared.placement.signals";

const REFUSALS: readonly Story[] = [
  {
    name: "one-429-or-three",
    without: [
      { sets: ["provider=legacy-429"], fails: ["failure_rate{source:agents}", "rate==0"] },
      { sets: ["provider=legacy-429", "retryAfter={}"], fails: ["misread_rate", "rate==0"] },
      { sets: ["retryAfter={}"], fails: ["amplification{source:script}", "value<1.6"] },
    ],
  },
  {
    name: "stale-herd",
    without: [
      { sets: ["pools.shared.placement=least-loaded"], fails: ["ttft{tier:standard}", "p(95)>500ms"] },
      { sets: ["pools.shared.placement.countSent=true"], fails: ["ttft{tier:standard}", "p(95)>500ms"] },
      {
        sets: ["pools.shared.placement.strategy=power-of-two"],
        fails: ["ttft{tier:standard}", "p(95)>500ms"],
      },
    ],
    sweeps: [
      {
        of: "readings",
        loads: [
          { name: "what is", sets: ["pools.shared.placement=least-loaded"] },
          ...["200ms", "1s", "5s", "15s"].map((period) => ({
            name: `every ${period}`,
            sets: [`${READINGS}={period: ${period}}`],
          })),
          { name: "every 1s, 4s under way", sets: [`${READINGS}={period: 1s, age: 4s}`] },
          { name: "every 1s, 80 % lost", sets: [`${READINGS}={period: 1s, loss: 80%}`] },
          { name: "none: `round-robin`", sets: ["pools.shared.placement=round-robin"] },
        ],
        measures: [
          { name: "TTFT p50", metric: "ttft{tier:standard}", aggregation: "p(50)" },
          { name: "TTFT p95", metric: "ttft{tier:standard}", aggregation: "p(95)" },
          { name: "tokens/s, p5", metric: "tokens_per_second{tier:standard}", aggregation: "p(5)" },
        ],
      },
    ],
  },
];

const ADMISSION = "pools.shared.admission";
const FIFO = "pools.shared.discipline=fifo";
const SURGE = "traffic.callers.arrivals.phases.1.arrivalRate";
const DISPLACING = "policy: tail-drop, maxQueue: 40, queueTimeout: 2s";
const BOUNDED = `${DISPLACING}, displaceLower: false`;
const LONG_PREFETCH = [
  "traffic.devices.arrivals.phases.1.arrivalRate=3.5",
  "traffic.devices.output={dist: lognormal, median: 800, sigma: 0.6}",
];
const RATE = "traffic.callers.arrivals.rate";

const SHEDDING: readonly Story[] = [
  {
    name: "probabilistic-admitter",
    without: [
      { sets: [`${ADMISSION}={policy: none}`], fails: ["ttft{tier:critical}", "p(99)<1s"] },
      { sets: [`${ADMISSION}.policy=saturation`], fails: ["overloaded_rate{tier:sheddable}", "rate>25%"] },
    ],
    sweeps: [
      {
        of: "in the surge",
        loads: [28, 32, 36, 48].map((rate) => ({ name: `${rate}/s`, sets: [`${SURGE}=${rate}`] })),
        rules: [
          { name: "`none`", sets: [`${ADMISSION}={policy: none}`] },
          { name: "`saturation`", sets: [`${ADMISSION}.policy=saturation`] },
          { name: "`probabilistic-admitter`", sets: [] },
        ],
        measures: [
          { name: "critical: TTFT p99", metric: "ttft{tier:critical}", aggregation: "p(99)" },
          { name: "critical: shed", metric: "overloaded_rate{tier:critical}", aggregation: "rate" },
          { name: "sheddable: shed", metric: "overloaded_rate{tier:sheddable}", aggregation: "rate" },
          { name: "tokens a second", metric: "throughput", aggregation: "value" },
        ],
      },
    ],
  },
  {
    name: "prefetch-spike",
    without: [
      { sets: [`${ADMISSION}.shares.prefetch=100%`], fails: ["completed_rate{tier:user}", "rate>99.4%"] },
      {
        sets: [`${ADMISSION}={${BOUNDED}}`],
        fails: ["completed_rate{tier:user}", "rate>99.4%"],
      },
    ],
    sweeps: [
      {
        of: "devices",
        loads: [
          { name: "send 12 times as much", sets: [] },
          { name: "ask for answers of 800 tokens, not 150", sets: LONG_PREFETCH },
        ],
        rules: [
          { name: "a bounded queue", sets: [`${ADMISSION}={${BOUNDED}}`] },
          {
            name: "users first in it",
            sets: [`${ADMISSION}={${DISPLACING}}`, "pools.shared.discipline=priority"],
          },
          { name: "partition", sets: [] },
        ],
        measures: [
          { name: "users: served", metric: "completed_rate{tier:user}", aggregation: "rate" },
          { name: "prefetch: served", metric: "completed_rate{tier:prefetch}", aggregation: "rate" },
          { name: "users: TTFT p99", metric: "ttft{tier:user}", aggregation: "p(99)" },
        ],
      },
    ],
  },
  {
    name: "tiered-shedding",
    without: [
      { sets: [`${ADMISSION}={policy: none}`, FIFO], fails: ["completed_rate{tier:tier1}", "rate>99%"] },
      {
        sets: [`${ADMISSION}={policy: codel, queueTimeout: 2s}`, FIFO],
        fails: ["completed_rate{tier:tier1}", "rate>99%"],
      },
      { sets: [FIFO], fails: ["ttft{tier:tier1}", "p(99)<1s"] },
    ],
    sweeps: [
      {
        of: "load",
        loads: [14, 20, 28, 40, 60].map((rate) => ({ name: `${rate}/s`, sets: [`${RATE}=${rate}`] })),
        rules: [
          { name: "`none`, `fifo`", sets: [`${ADMISSION}={policy: none}`, FIFO] },
          { name: "`codel`, `fifo`", sets: [`${ADMISSION}={policy: codel, queueTimeout: 2s}`, FIFO] },
          { name: "`cinnamon`, `fifo`", sets: [FIFO] },
          { name: "`cinnamon`, `priority`", sets: [] },
        ],
        measures: [
          { name: "tier 1: served", metric: "completed_rate{tier:tier1}", aggregation: "rate" },
          { name: "tier 1: TTFT p99", metric: "ttft{tier:tier1}", aggregation: "p(99)" },
          { name: "tier 4: served", metric: "completed_rate{tier:tier4}", aggregation: "rate" },
          { name: "goodput", metric: "goodput", aggregation: "value" },
        ],
      },
    ],
  },
];

const CHAINS = {
  random:
    `${ADMISSION}={policy: probabilistic-admitter, sheddable: [calls], power: 1, factor: 1, queueDepth: 40, ` +
    "maxQueue: 40, queueTimeout: 5s}",
  codel: `${ADMISSION}={policy: codel, interval: 1s, maxQueue: 40, queueTimeout: 5s}`,
  oneLevel: `${ADMISSION}.userLevels=1`,
};
const LONG = ["session_abandon_rate{source:m4}", "rate<70%"] as const;

const LONG_QUEUE = `${ADMISSION}.queueTimeout=60s`;
const learnt = (policy: string) => `${ADMISSION}={policy: ${policy}, maxQueue: 2000, queueTimeout: 60s}`;

const CONCURRENCY = "pools.shared.concurrency";

const OVERLOAD: readonly Story[] = [
  {
    name: "chained-calls",
    without: [
      { sets: [CHAINS.codel], fails: LONG },
      { sets: [CHAINS.random], fails: LONG },
      { sets: [CHAINS.oneLevel], fails: LONG },
    ],
    sweeps: [
      {
        of: "load",
        loads: [1.5, 2, 3].map((load) => ({
          name: `${load}x`,
          sets: ["m1", "m2", "m3", "m4"].map((one) => `traffic.${one}.arrivals.rate=${2.5 * load}`),
        })),
        rules: [
          { name: "by chance", sets: [CHAINS.random] },
          { name: "`codel`", sets: [CHAINS.codel] },
          { name: "`dagor`", sets: [] },
        ],
        measures: [1, 2, 3, 4].map((calls) => ({
          name: `ended early: ${calls} call${calls === 1 ? "" : "s"}`,
          metric: `session_abandon_rate{source:m${calls}}`,
          aggregation: "rate",
        })),
      },
    ],
  },
  {
    name: "recovery-after-step",
    without: [{ sets: [LONG_QUEUE], fails: ["recovery_time", "value<5s"] }],
    sweeps: [
      {
        of: "step to",
        loads: [
          { name: "1.2x", sets: ["traffic.callers.arrivals.phases.1.arrivalRate=60"] },
          { name: "1.4x", sets: [] },
          { name: "2x", sets: ["traffic.callers.arrivals.phases.1.arrivalRate=100"] },
        ],
        rules: [
          { name: "`tail-drop`, 1 s", sets: [] },
          { name: "`cinnamon`", sets: [learnt("cinnamon")] },
          { name: "`codel`, interval 1 s", sets: [learnt("codel, interval: 1s")] },
          { name: "`dagor`", sets: [learnt("dagor")] },
          { name: "`tail-drop`, 60 s", sets: [LONG_QUEUE] },
        ],
        measures: [
          { name: "recovery", metric: "recovery_time", aggregation: "value" },
          { name: "failed", metric: "failure_rate{tier:calls}", aggregation: "rate" },
          { name: "given up while waiting", metric: "timed_out_rate{tier:calls}", aggregation: "rate" },
          { name: "TTFT p99 of those served", metric: "ttft{tier:calls}", aggregation: "p(99)" },
        ],
      },
    ],
  },
  {
    name: "early-rejection",
    without: [
      { sets: [`${CONCURRENCY}.predictor=current`], fails: ["ttft{tier:calls}", "p(95)<4s"] },
      { sets: [`${CONCURRENCY}=none`], fails: ["objective_met_rate{tier:calls}", "rate>45%"] },
    ],
    sweeps: [
      {
        of: "load",
        loads: [4, 7, 14].map((rate) => ({ name: `${rate}/s`, sets: [`${RATE}=${rate}`] })),
        rules: [
          { name: "`none`", sets: [`${CONCURRENCY}=none`] },
          { name: "`current`", sets: [`${CONCURRENCY}.predictor=current`] },
          { name: "`predicted`", sets: [] },
          { name: "`fixed`, 92", sets: [`${CONCURRENCY}={limit: fixed, most: 92}`] },
        ],
        measures: [
          { name: "refused", metric: "overloaded_rate{tier:calls}", aggregation: "rate" },
          { name: "in time", metric: "objective_met_rate{tier:calls}", aggregation: "rate" },
          { name: "TTFT p95", metric: "ttft{tier:calls}", aggregation: "p(95)" },
          { name: "tokens/s, p5", metric: "tokens_per_second{tier:calls}", aggregation: "p(5)" },
        ],
      },
      {
        of: "sigma of both",
        loads: [0.2, 0.4, 0.8].map((sigma) => ({
          name: `${sigma}`,
          sets: [
            `traffic.callers.input={dist: lognormal, mean: 10000, sigma: ${sigma}}`,
            `traffic.callers.output={dist: lognormal, mean: 650, sigma: ${sigma}}`,
          ],
        })),
        rules: [
          { name: "`current`", sets: [`${CONCURRENCY}.predictor=current`] },
          { name: "`predicted`", sets: [] },
        ],
        measures: [{ name: "in time", metric: "objective_met_rate{tier:calls}", aggregation: "rate" }],
      },
    ],
  },
];

export const STORIES: readonly Story[] = [...ELASTIC, ...REFUSALS, ...SHEDDING, ...OVERLOAD];
