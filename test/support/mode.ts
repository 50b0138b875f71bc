// The one place that knows in which gear and in which form the suite runs. `npm test` runs as long as it takes to see a
// fault of 3 %; `npm run nightly` runs long, and what simulates also with every step worked through.

export const NIGHTLY: boolean = process.env["SURGEFLEET_GEAR"] === "nightly";

/** The long value in the nightly run, the short one otherwise. */
export const gear = <Value>(short: Value, long: Value): Value => (NIGHTLY ? long : short);

/** LAW-5 says that nothing may come of it. */
export const STEP_BY_STEP: boolean = process.env["SURGEFLEET_STEP_BY_STEP"] === "1";

/** What a command has to begin with that repeats a test in the gear of this run. */
export const GEAR_WORD: string = NIGHTLY ? "SURGEFLEET_GEAR=nightly " : "";

/** Fixed, so that the suite is the same everywhere; SURGEFLEET_TEST_SEED=<whole number> looks elsewhere, as the night does. */
export const TEST_SEED: number = Number(process.env["SURGEFLEET_TEST_SEED"] ?? 14_082);
