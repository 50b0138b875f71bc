// What a run is asked for, from flags, environment and scenario: flag before environment before file before
// default. Reads no file and no process.
import { join } from "node:path";
import { SurgefleetError } from "../../../core/index.js";
import {
  type ReplicationFlags,
  type ReplicationSettings,
  replicationSettings,
} from "../../flags/replications.js";
import { seedOf } from "../../flags/seed.js";
import { commandLine } from "../../shell.js";

/** As its definition reads them. */
export interface RunFlags extends ReplicationFlags {
  readonly set?: readonly string[] | undefined;
  readonly allowCode?: boolean | undefined;
  readonly seed?: string | undefined;
  /** A folder; false for --no-out; absent or true when neither flag is given. */
  readonly out?: string | boolean | undefined;
  readonly requests?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly stepByStep?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly failOnUndecided?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

export interface RunSettings {
  /** Null leaves it to the scenario. */
  readonly seed: string | null;
  /** Null writes nothing. */
  readonly folder: string | null;
  /** Whether the folder is the default one, which the user has not named. */
  readonly isDefaultFolder: boolean;
  readonly requests: boolean;
  readonly replications: ReplicationSettings;
}

/** Throws USAGE for flags that contradict each other, and for a seed of the environment that is none. */
export function runSettings(
  flags: RunFlags,
  env: Readonly<Record<string, string | undefined>>,
  scenarioName: string,
): RunSettings {
  const seed = seedOf(flags.seed, env);
  if (flags.out === false && flags.requests === true) {
    throw new SurgefleetError(
      "USAGE",
      "--requests writes a file and --no-out forbids it: give one of the two",
    );
  }
  const replications = replicationSettings(flags);
  const named = typeof flags.out === "string" ? flags.out : nonEmpty(env["SURGEFLEET_OUT"]);
  return {
    seed: seed ?? null,
    folder: flags.out === false ? null : (named ?? join("results", scenarioName)),
    isDefaultFolder: flags.out !== false && named === undefined,
    requests: flags.requests === true,
    replications,
  };
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

/** The command that gives the same bytes again, whatever the environment then says, unless --max-time cut it off. */
export function repeatCommand(
  program: string,
  scenario: string | undefined,
  flags: RunFlags,
  settings: RunSettings,
  seed: string,
): string {
  const words = ["run"];
  if (scenario !== undefined) words.push(scenario);
  for (const override of flags.set ?? []) words.push("--set", override);
  if (flags.allowCode === true) words.push("--allow-code");
  words.push("--seed", seed);
  if (flags.seeds !== undefined) words.push("--seeds", String(flags.seeds));
  if (flags.most !== undefined) words.push("--most", String(flags.most));
  if (flags.maxTime !== undefined) words.push("--max-time", `${flags.maxTime}s`);
  if (flags.stepByStep === true) words.push("--step-by-step");
  if (settings.folder === null) words.push("--no-out");
  else if (!settings.isDefaultFolder) words.push("--out", settings.folder);
  if (settings.requests) words.push("--requests");
  return `${program} ${commandLine(words)}`;
}
