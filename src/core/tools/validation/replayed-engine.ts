// What the engine of a replay is outside of its steps, in a sentence: whether it schedules a step ahead, and whether
// calls take time outside it. Shipped profiles say neither, since they were measured without; who holds one against a
// newer engine has to be told that there is a choice. Knows one pool, and no recordings.
import type { Scenario } from "../../scenario/schema.js";
import { ENGINE_VERSIONS } from "../../server/profile/engine-versions.js";
import { engineVersionOf } from "../../server/profile/machine.js";

export interface ReplayedEngine {
  /** Synchronous, and with nothing around it: as no engine of today answers its callers. */
  readonly isBare: boolean;
  readonly note: string;
}

const AHEAD = ENGINE_VERSIONS.find(({ stepAhead }) => stepAhead);

/** What to set where times to first token come out low by a constant, of the pool `engine`. */
export const NAME_THE_VERSION = `name its version, as in --set pools.engine.replica.engineVersion=${AHEAD!.name}`;

/** Undefined for a pool whose replica has no steps. */
export function replayedEngine({ replica }: Scenario["pools"][string]): ReplayedEngine | undefined {
  if (!("profile" in replica)) return undefined;
  const version = engineVersionOf(replica);
  const { stepAhead = version.stepAhead, frontEnd = version.frontEnd } = replica;
  const steps = stepAhead ? "schedules a step ahead" : "is synchronous";
  const around = frontEnd === undefined ? "no time outside it" : "time outside it";
  const note = `the engine ${steps}, and calls take ${around} (engineVersion ${version.name})`;
  const isBare = !stepAhead && frontEnd === undefined;
  return {
    isBare,
    note: isBare ? `${note}: vLLM from 0.14 on and SGLang do otherwise, ${NAME_THE_VERSION}` : note,
  };
}
