// How far a number of one seed can be trusted: Student's t interval over several.
import { replicate } from "../../src/core/index.js";
import { fleet } from "./fleet.js";

const shed = (share: number | null) => (share === null ? "-" : `${(100 * share).toFixed(1)} %`);
const measures = { rate: (result: { all: { overloadedRate: number | null } }) => result.all.overloadedRate };
const { rate } = replicate(fleet, measures, { replications: 8, confidence: 0.95 });
console.log(`${shed(rate.mean)} [${shed(rate.low)}, ${shed(rate.high)}], n = ${rate.n}`);
