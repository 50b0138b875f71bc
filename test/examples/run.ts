// Runs it once. The same scenario and seed give the same numbers, on every machine.
import { simulate } from "../../src/core/index.js";
import { fleet } from "./fleet.js";

const { all, tiers, thresholds } = simulate(fleet, { seed: "7" });
console.log(`${all.attempts} attempts, ${(100 * all.overloadedRate!).toFixed(1)} % of them shed`);
console.log(`time to first token, p99: ${tiers[0]!.ttft.p99!.toFixed(2)} s`);
console.log(thresholds.map(({ expression, verdict }) => `${expression}: ${verdict}`).join("\n"));
