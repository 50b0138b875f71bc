// How the engine was set whose run is simulated again: said by the caller, else by the profile, else as the engine
// of the published recordings. And the scenario that this makes: a pool behind an open door. Knows no requests.
import { SurgefleetError } from "../../base/errors.js";
import type { Override } from "../../document/overrides.js";
import { loadScenario } from "../../scenario/load.js";
import type { Scenario, ScenarioInput } from "../../scenario/schema.js";
import { buildProfile } from "../../server/profile/build.js";
import type { ProfileFile } from "../../server/profile/kinds.js";
import { machineOf } from "../../server/profile/machine.js";

/** How the engine was set. */
export interface EngineSettings {
  /** Alike, and behind one door; a request goes to the one that has least to do. */
  readonly replicas: number;
  /** Of a replica. */
  readonly maxSequences: number;
  /** Tokens of a step. */
  readonly maxBatchedTokens: number;
  readonly maxPrefillSequences: number;
  readonly kvTokens: number;
}

/** As the engine of the published recordings was set, for what neither the caller nor the profile says. */
const RECORDED_ENGINE: EngineSettings = {
  replicas: 1,
  maxSequences: 256,
  maxBatchedTokens: 2048,
  maxPrefillSequences: 8,
  kvTokens: 6400 * 64,
};

/** What the caller says, and where it says nothing, the profile: a roofline's KV is derived as in any other run. */
export function settingsOf(profile: ProfileFile, said: Partial<EngineSettings>): EngineSettings {
  const { node } = buildProfile(profile);
  const ofNode = node && {
    maxSequences: node.maxSequences,
    maxBatchedTokens: node.maxBatchedTokens,
    kvTokens: node.kvTokens,
  };
  return { ...RECORDED_ENGINE, ...ofNode, ...said };
}

/** GPUs that a replica takes. */
export function gpusOf(profile: ProfileFile): number {
  return machineOf({ profile }).gpus;
}

/** Throws INVALID_PARAMETER for a step too small for its batch. */
export function assertStepHolds(profile: ProfileFile, settings: EngineSettings): void {
  const { maxSequences, maxBatchedTokens } = settings;
  const { tokensPerSequence } = machineOf({ profile });
  if (maxBatchedTokens >= maxSequences * tokensPerSequence) return;
  const each = tokensPerSequence === 1 ? "a token" : `${tokensPerSequence} tokens`;
  throw new SurgefleetError(
    "INVALID_PARAMETER",
    `a budget of ${maxBatchedTokens} tokens is too small: a step gives each of ${maxSequences} sequences ${each}`,
  );
}

/** Throws INVALID_PARAMETER where the largest request does not fit into a replica at all. */
export function assertFits(largest: number, { kvTokens }: EngineSettings, file?: string): void {
  if (largest <= kvTokens) return;
  const place = file === undefined ? "" : `${file}: `;
  throw new SurgefleetError(
    "INVALID_PARAMETER",
    `${place}a request of the run needs ${largest} tokens of KV, and the replica has ${kvTokens}`,
  );
}

/** What stands before the door. */
export type Callers = Pick<ScenarioInput["traffic"][string], "arrivals" | "input" | "output" | "prefix"> &
  Partial<Pick<ScenarioInput["traffic"][string], "cached">>;

const LONGEST = 100_000_000;

/**
 * A scenario with one pool that refuses no request: pool `engine`, path `standard`, source `recorded`. Overrides are
 * laid over it, as `--set` does. Throws INVALID_SCENARIO where one of them is wrong.
 */
export function engineScenario(
  profile: ProfileFile,
  settings: EngineSettings,
  callers: Callers,
  overrides: readonly Override[] = [],
): Scenario {
  const { replicas, ...ofReplica } = settings;
  const gpus = gpusOf(profile);
  const scenario: ScenarioInput = {
    schemaVersion: 1,
    name: "recorded",
    inventory: { gpus: replicas * gpus },
    pools: {
      engine: {
        replicas,
        gpusPerReplica: gpus,
        replica: { engine: "batching", profile, ...ofReplica },
        admission: { policy: "none" },
      },
    },
    paths: { standard: { model: "recorded", pool: "engine", rank: 0 } },
    traffic: { recorded: { ...callers, mix: { standard: 1 }, maxInput: LONGEST, maxOutput: LONGEST } },
  };
  const result = loadScenario(
    { file: "the replayed scenario", text: JSON.stringify(scenario) },
    { overrides },
  );
  if (result.ok) return result.scenario;
  throw new SurgefleetError("INVALID_SCENARIO", "the engine cannot be set like that", result.issues);
}
