// A share too small for a run to see, by splitting: trials that come near the event are split into more of them.
import { estimateRare } from "../../src/core/index.js";
import { fleetAt } from "./fleet.js";

const calm = { ...fleetAt("11/s"), warmup: "10s" };
const { metric, value, trials } = estimateRare(calm, { tier: "standard", window: "10s", trials: 20 });
console.log(`${metric}: ${value?.toExponential(1)} from ${trials} trials`);
