// Whether a change matters: two results, measure by measure, with an interval around each difference.
import { compareResults, simulate } from "../../src/core/index.js";
import { fleetAt } from "./fleet.js";

const [before, after] = [simulate(fleetAt("16/s")), simulate(fleetAt("12/s"))];
const only = ({ metric }: { metric: string }) => metric.startsWith("overloaded_rate{");
for (const { metric, difference, verdict } of compareResults(before, after, { only }).changes) {
  console.log(`${metric}: ${(100 * difference).toFixed(1)} %, ${verdict}`);
}
