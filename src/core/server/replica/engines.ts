// Every engine that a replica may run. A new one is a file with its definition and one line here.
import type * as z from "zod";
import { definitionOf, oneOf } from "../../document/definition.js";
import type { FrontEndTimes } from "../profile/front-end.js";
import { batching } from "./batching/batching-engine.js";
import type { EngineSetup, MeanRequest, Occupation, ReplicaMaker } from "./engine.js";
import { slots } from "./slots-engine.js";

export const ENGINES = [batching, slots] as const;

/** What one replica is, as a scenario writes it. */
export const replica = oneOf("engine", ENGINES);

export type ReplicaSpec = z.output<typeof replica>;

/** What makes the replicas of one pool. */
export function replicaMaker({ engine, ...options }: ReplicaSpec, setup: EngineSetup): ReplicaMaker {
  return definitionOf(ENGINES, engine, "engine").create(options as never, setup);
}

/** What requests take of such a replica; each of them must get the slowest speed at least, in tokens a second. */
export function occupationOf(spec: ReplicaSpec, requests: MeanRequest, slowest: number): Occupation {
  return definitionOf(ENGINES, spec.engine, "engine").occupationOf(spec as never, requests, slowest);
}

/** What calls to such a replica take outside it; undefined for no time. */
export function frontEndOf(spec: ReplicaSpec): FrontEndTimes | undefined {
  return definitionOf(ENGINES, spec.engine, "engine").frontEndOf(spec as never);
}
