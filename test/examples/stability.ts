// Whether a fleet comes back from a burst: one verdict from several seeds.
import { parseScenario, Simulation, seedOutcome, stabilityOf } from "../../src/core/index.js";
import { fleet } from "./fleet.js";

const scenario = parseScenario({ ...fleet, trigger: { from: "3m", for: "10s" } });
const outcomes = ["1", "2", "3"].map((seed) => {
  const simulation = new Simulation(scenario, { seed });
  simulation.run();
  return seedOutcome(simulation.result());
});
const { verdict, recovered, stuck } = stabilityOf("fleet", outcomes);
console.log(`${recovered} recovered, ${stuck} stuck: ${verdict}`);
