// Every autoscaler that a scenario may name. A new one is one file beside this one and one line here.
import type * as z from "zod";
import { definitionOf, nameOrMap } from "../../../../document/definition.js";
import type { Autoscaler, ScalerContext, Timetable } from "./autoscaler.js";
import { clairvoyant } from "./clairvoyant.js";
import { hpa } from "./hpa.js";
import { keda } from "./keda.js";
import { knative } from "./knative.js";
import { withinBounds } from "./knobs.js";
import { predictive } from "./predictive.js";
import { rayServe } from "./ray-serve.js";
import { saturation } from "./saturation.js";
import { schedule } from "./schedule.js";
import { sla } from "./sla.js";
import { targetLoad } from "./target-load.js";

export const AUTOSCALERS = [
  targetLoad,
  hpa,
  keda,
  knative,
  rayServe,
  saturation,
  sla,
  predictive,
  schedule,
  clairvoyant,
] as const;

/** An autoscaler by its name, or with its options, as a scenario writes it. */
export const autoscaler = nameOrMap("algorithm", AUTOSCALERS);

export type AutoscalerSpec = z.output<typeof autoscaler>;

interface Timetabled {
  timetable?(options: never): Timetable;
}

/** Makes the autoscaler of one pool. */
export function createAutoscaler(
  { algorithm, ...options }: AutoscalerSpec,
  context: ScalerContext,
): Autoscaler {
  return definitionOf(AUTOSCALERS, algorithm, "autoscaler").create(options as never, context);
}

/** Whether it is shown what will be. */
export function foresees({ algorithm }: AutoscalerSpec): boolean {
  const definition: { readonly foresees?: boolean } = definitionOf(AUTOSCALERS, algorithm, "autoscaler");
  return definition.foresees === true;
}

/** What an autoscaler says of any time, within its bounds; undefined for one that goes by load. */
export function timetableOf({ algorithm, ...options }: AutoscalerSpec): Timetable | undefined {
  const definition: Timetabled = definitionOf(AUTOSCALERS, algorithm, "autoscaler");
  const stated = definition.timetable?.(options as never);
  if (stated === undefined) return undefined;
  return {
    changesAt: (at) => stated.changesAt(at),
    replicasAt: (at) => {
      const replicas = stated.replicasAt(at);
      return replicas === undefined ? undefined : withinBounds(options, replicas);
    },
  };
}
