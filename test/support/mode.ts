// The one place that knows which form of the replica the suite runs with. vitest.config.ts runs whatever simulates
// twice: as users do, in macro-steps, and with every step worked through (LAW-5 says that nothing may come of it).

export const STEP_BY_STEP: boolean = process.env["SURGEFLEET_STEP_BY_STEP"] === "1";
