// `plan` against brute force: a search that is right finds what trying every value finds, or says in its margin that it
// may not have, at a tenth of the requests or less. docs/planning.md has the table, which SURGEFLEET_TABLE=1 prints.
import { describe, expect, test } from "vitest";
import { NIGHTLY } from "../support/mode.js";
import { bruteForce, PLANNED, planOf } from "../support/planned.js";

const SEED = "planned";

describe.runIf(NIGHTLY)("plan finds what brute force finds", () => {
  test.each(PLANNED)("$name", async (planned) => {
    const plan = await planOf(planned, SEED);
    const brute = await bruteForce(planned, SEED, plan);
    const { answer, margin, work } = plan;
    const found = answer?.values[0]?.value;
    if (process.env["SURGEFLEET_TABLE"] === "1") {
      const share = ((100 * work.requests) / brute.requests).toFixed(1);
      const cells = [
        planned.name,
        planned.range.split("=")[1],
        brute.answer,
        found,
        `${margin?.from} to ${margin?.to}`,
      ];
      const took = [
        plan.guess?.text,
        work.probes,
        work.bruteForce.replications,
        work.requests,
        brute.requests,
        `${share} %`,
      ];
      process.stdout.write(`| ${[...cells, ...took].join(" | ")} |\n`);
    }
    expect(found, `an answer is in the range; seed "${SEED}"`).toBeDefined();
    expect(brute.answer).not.toBeNull();
    expect(plan.contradictions).toEqual([]);
    expect(brute.answer!).toBeGreaterThanOrEqual(Number(margin!.from));
    expect(brute.answer!).toBeLessThanOrEqual(Number(margin!.to));
    expect(work.requests / brute.requests).toBeLessThanOrEqual(0.1);
  });
});
