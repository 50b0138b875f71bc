// What `npm test` and `npm run nightly` run, in this order, and how many seconds of processor time each part may take on
// the machine of `USUAL_MS` (measure.ts). Knows nothing of how they are run.

export interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  readonly budget: number;
  readonly env?: Readonly<Record<string, string>>;
}

const vitest = (project: string, budget: number, env: Stage["env"] = {}): Stage => ({
  name: project,
  command: ["npx", "--no-install", "vitest", "run", "--project", project],
  budget,
  // One build serves the tests of the program and the gate.
  env: { SURGEFLEET_BUILT: "1", ...env },
});

const BUILD: Stage = { name: "build", command: ["npm", "run", "--silent", "build"], budget: 15 };
const GATE: Stage = {
  name: "gate",
  command: ["node", "dist/node/cli.js", "check", "scenarios", "--baseline", "results/baseline", "--quiet"],
  budget: 40,
};

export const TEST: readonly Stage[] = [
  { name: "static", command: ["npm", "run", "--silent", "check:static"], budget: 45 },
  BUILD,
  vitest("unit", 75),
  vitest("conformance", 10),
  vitest("law", 30),
  vitest("golden", 25),
  vitest("swarm", 25),
  vitest("theory", 50),
  vitest("live", 30),
  GATE,
];

/** Worlds that no night has tried before: a night has this many, and they are counted on from the first day. */
const WORLDS = 3000;

export function nightly(day: number): readonly Stage[] {
  const long = { SURGEFLEET_GEAR: "nightly" };
  const worlds = { SURGEFLEET_SWARM_RUNS: `${WORLDS}`, SURGEFLEET_SWARM_FROM: `${day * WORLDS}` };
  return [
    BUILD,
    vitest("law", 200, { ...long, SURGEFLEET_TEST_SEED: `${day}` }),
    vitest("swarm", 600, { ...long, ...worlds }),
    vitest("theory", 500, long),
    vitest("theory-step-by-step", 300, long),
    GATE,
  ];
}
