// `npx tsx test/bench/coverage.ts [experiments] [case ...]`: how often nominal 95 % intervals cover the truth of
// models that are solved in closed form, from replications and from batches of one long run.
// docs/statistics.md has the figures.
import { clusteredCoverage } from "../support/clustered.js";
import { coverage, MODELS, NOMINAL } from "../support/coverage.js";

/** A busy pool remembers for longer: the p99 of so short a run of it is too low, and stands here to show that. */
const CASES = [
  { model: "shed", replications: 10, requests: 500 },
  { model: "rare", replications: 10, requests: 1000 },
  { model: "ttft", replications: 10, requests: 3000 },
  { model: "speed", replications: 10, requests: 1000 },
  { model: "busy", replications: 10, requests: 2000 },
  { model: "shed", replications: 1, requests: 20_000 },
  { model: "rare", replications: 1, requests: 20_000 },
  { model: "ttft", replications: 1, requests: 20_000 },
  { model: "speed", replications: 1, requests: 20_000 },
] as const;

const [experiments = "1000", ...wanted] = process.argv.slice(2);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

for (const [index, { model, replications, requests }] of CASES.entries()) {
  if (wanted.length > 0 && !wanted.includes(String(index + 1))) continue;
  const started = performance.now();
  const found = coverage(MODELS[model], {
    count: Number(experiments),
    replications,
    requests,
    seed: "coverage",
  });
  const { covered, below, above, precision } = found;
  const share = (count: number) => percent(count / found.experiments);
  const size = replications === 1 ? `batches of 1 run of ${requests}` : `${replications} runs of ${requests}`;
  console.log(`${index + 1}. ${MODELS[model].name}; ${size} requests, nominal ${percent(NOMINAL)}`);
  console.log(
    `   covered ${share(covered)} of ${found.experiments}; below ${share(below)}, ` +
      `above ${share(above)}; half-width ${percent(precision)} of the truth; ` +
      `${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
}

if (wanted.length === 0 || wanted.includes("clustered")) {
  console.log(
    "clustered rates, made up: covered by an interval as far to both sides, and by the one that is used",
  );
  for (const sigma of [0, 0.3]) {
    for (const clusters of [1, 3, 10]) {
      for (const samples of [5, 10, 20, 60]) {
        const found = clusteredCoverage({ clusters, sigma, samples }, 4000, "clustered");
        const shares = `${percent(found.symmetrical)}, ${percent(found.used)}`;
        console.log(
          `   ${clusters} clusters in each of ${samples} samples, demand sigma ${sigma}: ${shares}`,
        );
      }
    }
  }
}
