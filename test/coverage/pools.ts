// A pool of runs of one model, each of a seed of its own, made once and kept on disk: experiments draw from it again and
// again. It is made anew when the model changes or what runs depend on, and not when only intervals or verdicts do.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Scenario, ScenarioInput } from "../../src/core/index.js";
import { ROOT, sourceFiles } from "../support/source-files.js";
import type { Model } from "./models.js";
import { measuring, POOLS_VERSION, type Run, Runs } from "./product.js";

export interface Pool {
  readonly runs: readonly Run[];
  /** Of the model's measures: of all runs together, or in closed form. */
  readonly truths: readonly number[];
}

const FOLDER = join(ROOT, ".cache/coverage");

/** Sources that only say what is made of runs: intervals and verdicts may change without new runs. */
const OF_NO_RUN =
  /^src\/core\/(report|tools|text)\/|^src\/core\/engine\/experiment\/(seeds|study)|^src\/core\/results\/(build\/(estimates|merged-lives|pooled|replicated|thresholds)|verdict\/(?!measures))/;
const OF_INTERVALS =
  /^src\/core\/stats\/(?!quantile-sketch|log-histogram|session-lives|kaplan-meier|weighted)/;

let ofCore: string | undefined;

function coreHash(): string {
  if (ofCore !== undefined) return ofCore;
  const hash = createHash("sha256");
  for (const { path, text } of sourceFiles("src/core")) {
    if (!OF_NO_RUN.test(path) && !OF_INTERVALS.test(path)) hash.update(path).update(text);
  }
  ofCore = hash.digest("hex");
  return ofCore;
}

function keyOf(model: Model): string {
  const { seeds, measures, scenario, exact = null, isAlone = false } = model;
  // Of models whose scenario depends on the seed a few say enough.
  const some = Array.from({ length: 20 }, (_, index) => scenario(seedOf(model, index)));
  const said = JSON.stringify([POOLS_VERSION, seeds, measures, exact, isAlone, some]);
  return createHash("sha256").update(said).update(coreHash()).digest("hex").slice(0, 16);
}

const seedOf = ({ name, seedsOf = name }: Model, index: number) => `${seedsOf}/${index + 1}`;

/** From the disk where it is there. Says so where it has to be made. */
export function poolOf(model: Model, say: (text: string) => void = () => {}): Pool {
  const file = join(FOLDER, `${model.name}-${keyOf(model)}.pool`);
  if (existsSync(file)) return deserialize(readFileSync(file)) as Pool;
  const began = process.cpuUsage().user;
  const pool = simulated(model);
  say(`${model.name}: ${model.seeds} runs, ${((process.cpuUsage().user - began) / 1e6).toFixed(1)} s`);
  mkdirSync(FOLDER, { recursive: true });
  for (const old of readdirSync(FOLDER)) {
    if (old.startsWith(`${model.name}-`) && old.length === `${model.name}-.pool`.length + 16) {
      rmSync(join(FOLDER, old));
    }
  }
  writeFileSync(file, serialize(pool));
  return pool;
}

/** Runs them all. */
export function simulated(model: Model): Pool {
  const { seeds, scenario, measures, isAlone, exact } = model;
  const together = new Runs();
  const checked = new Map<ScenarioInput, Scenario>();
  const runs: Run[] = [];
  for (let index = 0; index < seeds; index++) {
    const seed = seedOf(model, index);
    const input = scenario(seed);
    const parsed = checked.get(input) ?? measuring(input, measures);
    checked.set(input, parsed);
    runs.push(together.run(parsed, seed, isAlone));
  }
  const truths = together.truths(measures);
  return { runs, truths: exact === undefined ? truths : [exact, ...truths.slice(1)] };
}
