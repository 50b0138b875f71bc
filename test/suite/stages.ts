// What `npm test` and `npm run nightly` run, and how many seconds of processor time each part takes on the
// machine of `USUAL_MS` (measure.ts); the aim for all of `npm test` is 430. Knows nothing of how they are run.
import { readdirSync } from "node:fs";
import { join } from "node:path";

export interface Stage {
  readonly name: string;
  readonly command: readonly string[];
  readonly budget: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs the program as it was built: one build serves all of these. */
  readonly isBuilt?: true;
  /** Runs alone, before what runs side by side. */
  readonly isFirst?: true;
}

const vitest = (project: string, budget: number, env: Stage["env"] = {}): Stage => ({
  name: project,
  command: ["vitest", "run", "--project", project, "--maxWorkers", "1"],
  budget,
  env,
});

const BUILD: Stage = {
  name: "build",
  command: ["npm", "run", "--silent", "build"],
  budget: 6,
  isFirst: true,
};
const LIVE: Stage = { ...vitest("live", 50, { SURGEFLEET_BUILT: "1" }), isBuilt: true };
/** On one thread, as every stage: a second one would compile everything again. That threads change nothing is for live. */
const ONE_THREAD = ["--workers", "1"];
/** Two fifths of the gate. By day its golden result, byte for byte, says whether anything about it has changed. */
const GATED_AT_NIGHT = "serverless-2.yaml";
const SCENARIOS = readdirSync(join(import.meta.dirname, "../../scenarios"))
  .filter((file) => file.endsWith(".yaml") && file !== GATED_AT_NIGHT)
  .map((file) => `scenarios/${file}`);
const gate = (scenarios: readonly string[], budget: number): Stage => ({
  name: "gate",
  command: [
    ...["node", "dist/node/cli.js", "check", ...scenarios, "--baseline", "results/baseline", "--quiet"],
    ...ONE_THREAD,
  ],
  budget,
  isBuilt: true,
});

export const TEST: readonly Stage[] = [
  // In a fresh clone; where nothing has changed it takes a quarter of that.
  { name: "static", command: ["npm", "run", "--silent", "check:static"], budget: 18 },
  BUILD,
  vitest("unit", 108),
  vitest("conformance", 26),
  vitest("law", 38),
  vitest("golden", 26),
  vitest("swarm", 36),
  vitest("theory", 66),
  LIVE,
  gate(SCENARIOS, 46),
];

/** The named ones, all without a name, and the build before what needs it. */
export function chosen(stages: readonly Stage[], names: readonly string[]): readonly Stage[] {
  const taken = stages.filter(({ name }) => names.length === 0 || names.includes(name));
  const needsBuild = taken.some(({ isBuilt }) => isBuilt === true) && !taken.includes(BUILD);
  return needsBuild ? [BUILD, ...taken] : taken;
}

/** Worlds of one night. They are counted on from the first day, so that no night repeats another. */
const WORLDS = 3000;

export function nightly(day: number): readonly Stage[] {
  const long = { SURGEFLEET_GEAR: "nightly", SURGEFLEET_TEST_SEED: `${day}` };
  const worlds = { SURGEFLEET_SWARM_RUNS: `${WORLDS}`, SURGEFLEET_SWARM_FROM: `${day * WORLDS}` };
  return [
    BUILD,
    vitest("unit", 180, long),
    vitest("conformance", 80, long),
    vitest("golden", 60, long),
    vitest("law", 330, long),
    vitest("swarm", 850, { ...long, ...worlds }),
    vitest("theory", 680, long),
    vitest("theory-step-by-step", 100, long),
    { name: "coverage", command: ["npm", "run", "--silent", "coverage"], budget: 2200 },
    { ...LIVE, budget: 70, env: { ...LIVE.env, ...long } },
    gate(["scenarios"], 90),
  ];
}
