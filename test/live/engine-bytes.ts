// What must be the same to the last bit on every engine: runs with their own intervals, pooled estimates and verdicts,
// the text of the report, and the functions of chance on a grid. Bundled, and run by engines.test.ts on each of them.
import {
  type Duration,
  parseScenario,
  type RunResult,
  Simulation,
  textReport,
} from "../../src/core/index.js";
import { thresholdsOf } from "../../src/core/internal.js";
import { pooledResult } from "../../src/core/results/build/pooled.js";
import { expectedTokens } from "../../src/core/server/profile/speculative.js";
import { binomialInterval } from "../../src/core/stats/binomial-interval.js";
import { ruleOfThree } from "../../src/core/stats/interval.js";
import { around } from "../../src/core/stats/scale.js";
import { criticalT, twoSidedP } from "../../src/core/stats/student.js";

const SEEDS = ["1", "2", "3"];
const [DURATION, WARMUP] = [120e6 as Duration, 30e6 as Duration];

/** Lines of a name and a hash: of what differs can then be said what it is. */
export function engineBytes(scenarios: readonly string[]): string[] {
  const texts: [string, string][] = [["functions", JSON.stringify(functions())]];
  for (const text of scenarios) {
    const scenario = { ...parseScenario(text), duration: DURATION, warmup: WARMUP };
    const runs = SEEDS.map((seed): RunResult => {
      const simulation = new Simulation(scenario, { seed, isPooled: true });
      simulation.run();
      return simulation.result();
    });
    const options = { seed: "engines", confidence: 0.95, judgedAt: 0.99, thresholds: thresholdsOf(scenario) };
    const pooled = pooledResult(runs, options);
    texts.push([`${scenario.name}: runs`, JSON.stringify(runs)]);
    texts.push([`${scenario.name}: pooled`, JSON.stringify(pooled)]);
    texts.push([`${scenario.name}: report`, textReport(pooled)]);
  }
  return texts.map(([name, text]) => `${name} ${text.length} ${hashOf(text)}`);
}

function functions(): number[] {
  const values: number[] = [];
  for (let step = 1; step <= 400; step++) {
    const share = step / 401;
    values.push(criticalT(share, step), twoSidedP(6 * share, step), ruleOfThree(step * step, share));
    values.push(...Object.values(binomialInterval(step, 3 * step, share)));
    const reach = { below: share * share, above: share };
    for (const scale of ["share", "positive"] as const) {
      values.push(...Object.values(around(share, reach, scale)));
    }
    // Powers: Node 20 and 24 round those of their own differently.
    for (let tokens = 1; tokens <= 16; tokens++) values.push(expectedTokens(tokens, share));
  }
  return values;
}

/** FNV-1a (Fowler, Noll and Vo) of its characters, in 32 bits: no engine has to have a library for it. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
