// What makes an engine that replicas of a pool may run: a definition of what a scenario says of one, how such a replica
// is made, and how much it can take. One definition per engine; engines.ts lists them.
import type * as z from "zod";
import type { Definition } from "../../document/definition.js";
import type { Stream } from "../../random/stream.js";
import type { FrontEndTimes } from "../profile/front-end.js";
import type { StepProfile } from "../profile/step-profile.js";
import type { Replica, ReplicaClock, ReplicaListener, ReplicaWork } from "./replica.js";

/** What of the rest of a scenario an engine looks at. */
export interface EngineSetup {
  /** Whether every step is worked through one by one. */
  readonly stepByStep: boolean;
  /** Whether prompts may begin alike, or one go on with another. */
  readonly sharesContexts: boolean;
  /** What is drawn of accepted drafts, opened where it is wanted. */
  openChance(): Stream;
}

/** The replicas of one pool. */
export interface ReplicaMaker {
  /** Undefined where replicas know no steps. */
  readonly profile: StepProfile | undefined;
  /** Of each of them: sequences that may be inside at once. */
  readonly slots: number;
  /** Of each of them: tokens of KV cache, and so the longest context; Infinity for no bound. */
  readonly kvTokens: number;
  /** Whether contexts stay for prompts that begin alike. */
  readonly keepsContexts: boolean;
  /** What all of them have done, those that have left included. */
  readonly work: ReplicaWork;
  create(clock: ReplicaClock, listener: ReplicaListener): Replica;
}

/** Requests as a first guess takes them: means. */
export interface MeanRequest {
  /** Prompt tokens that are not cached. */
  readonly input: number;
  readonly output: number;
}

/** What requests take of a replica, as far as it can be said without a simulation. */
export type Occupation = Places & (Steady | Estimated);

interface Places {
  /** Requests that it serves at a time. */
  readonly places: number;
  /** How long one of them takes its place. */
  readonly seconds: number;
}

/** So it is however many are beside it, as in the formulas of queueing theory. */
interface Steady {
  readonly isSteady: true;
}

interface Estimated {
  readonly isSteady: false;
  /** What the figures rest on, in a few words. */
  readonly basis: string;
}

export interface EngineDefinition<Name extends string, Shape extends z.ZodRawShape>
  extends Definition<Name, Shape, EngineSetup, ReplicaMaker> {
  /** `slowest`: the tokens a second that a request must get at least. */
  occupationOf(options: z.output<z.ZodObject<Shape>>, requests: MeanRequest, slowest: number): Occupation;
  /** What calls take outside such a replica; undefined for no time. */
  frontEndOf(options: z.output<z.ZodObject<Shape>>): FrontEndTimes | undefined;
}

/** An engine with its name and options. */
export function defineEngine<const Name extends string, Shape extends z.ZodRawShape>(
  definition: EngineDefinition<Name, Shape>,
): EngineDefinition<Name, Shape> {
  return definition;
}
