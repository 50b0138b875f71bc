// What a caller can be told is a SurgefleetError, with a code and every problem at once.
import { parseScenario, SurgefleetError } from "../../src/core/index.js";
import { fleet } from "./fleet.js";

try {
  parseScenario({ ...fleet, duration: "soon", warmup: -1 });
} catch (error) {
  if (!(error instanceof SurgefleetError)) throw error;
  console.log(
    error.code,
    error.issues.map(({ path }) => path),
  );
}
