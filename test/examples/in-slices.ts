// In slices, so that a page or a server stays able to do other things; and the report of the command line.
import { parseScenario, Simulation, textReport } from "../../src/core/index.js";
import { fleet } from "./fleet.js";

const simulation = new Simulation(parseScenario(fleet));
let slices = 0;
while (!simulation.run(10_000)) slices++;
console.log(`${slices} slices, ${simulation.requests} requests`);
console.log(textReport(simulation.result()).split("\n").slice(0, 3).join("\n"));
