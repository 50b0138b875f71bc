// How often a verdict is wrong: many studies of a loss system whose blocking Erlang's formula gives, against bounds at,
// above and below the truth. Prints a table; run it with `npx tsx test/bench/verdicts.ts [experiments]`. Not a test.
import { parseScenario, type RunResult, Simulation } from "../../src/core/index.js";
import { study, thresholdsOf } from "../../src/core/internal.js";
import { erlangB } from "../support/closed-forms.js";
import { lossSystem } from "../support/oracle.js";

const EXPERIMENTS = Number(process.argv[2] ?? 500);
const [SLOTS, LOAD] = [10, 8];
const TRUTH = erlangB(SLOTS, LOAD);
/** Bounds of `rate<bound` as multiples of the truth: below 1 it should fail, above it should pass. */
const FACTORS = [0.8, 0.9, 1, 1.1, 1.2];
const PLANS = [
  { name: "5 replications", plan: { kind: "fixed", count: 5 } },
  { name: "20 replications", plan: { kind: "fixed", count: 20 } },
  { name: "until decided, at most 40", plan: { kind: "decided", most: 40 } },
] as const;

const base = lossSystem({
  slots: SLOTS,
  rates: { standard: LOAD },
  admission: { policy: "tail-drop", maxQueue: 0 },
  duration: "160s",
  warmup: "10s",
});

const scenario = parseScenario({
  ...base,
  thresholds: { overloaded_rate: FACTORS.map((factor) => `rate<${TRUTH * factor}`) },
});

/** Runs are deterministic, so that a seed need not be simulated again for every bound and plan. */
const known = new Map<string, RunResult>();

function replication(seed: string): RunResult {
  const found = known.get(seed);
  if (found !== undefined) return found;
  const simulation = new Simulation(scenario, { seed, isPooled: true });
  simulation.run();
  const result = simulation.result();
  known.set(seed, result);
  return result;
}

/** A study that knows of one bound alone, as one that stops when it is decided must. */
async function verdict(seed: string, bound: number, plan: (typeof PLANS)[number]["plan"]) {
  const run = async (one: string) => {
    const result = replication(one);
    return { ...result, thresholds: [result.thresholds[bound]!] };
  };
  const { result, runs } = await study(run, { seed, plan, thresholds: [thresholdsOf(scenario)[bound]!] });
  return { verdict: result!.thresholds[0]!.verdict, runs };
}

console.log(
  `blocking of ${SLOTS} slots at ${LOAD} Erlang: ${TRUTH.toFixed(5)}; ${EXPERIMENTS} experiments each`,
);
console.log("plan                        bound/truth   pass   fail   open   replications");
const counts = new Map<string, { pass: number; fail: number; open: number; runs: number }>();
for (let experiment = 0; experiment < EXPERIMENTS; experiment++) {
  known.clear();
  for (const { name, plan } of PLANS) {
    for (const [bound, factor] of FACTORS.entries()) {
      const key = `${name.padEnd(28)}${factor.toFixed(1).padStart(11)}`;
      const so = counts.get(key) ?? { pass: 0, fail: 0, open: 0, runs: 0 };
      counts.set(key, so);
      const one = await verdict(`verdicts-${experiment}`, bound, plan);
      so.runs += one.runs;
      if (one.verdict === "pass") so.pass++;
      else if (one.verdict === "fail") so.fail++;
      else so.open++;
    }
  }
}
const share = (count: number) => `${((100 * count) / EXPERIMENTS).toFixed(1)}%`.padStart(7);
for (const [key, { pass, fail, open, runs }] of counts) {
  console.log(
    `${key}${share(pass)}${share(fail)}${share(open)}${(runs / EXPERIMENTS).toFixed(1).padStart(15)}`,
  );
}
