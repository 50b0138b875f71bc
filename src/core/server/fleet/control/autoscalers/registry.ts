// Every autoscaler that a scenario may name. A new one is one file beside this one and one line here.
import type * as z from "zod";
import { nameMapOrModule } from "../../../../document/custom.js";
import { CustomInstance, type CustomUse } from "../../../../document/custom-instance.js";
import { definitionOf } from "../../../../document/definition.js";
import type { Autoscaler, ScalerContext, Timetable } from "./autoscaler.js";
import { clairvoyant } from "./clairvoyant.js";
import { CustomAutoscaler } from "./custom-autoscaler.js";
import { hpa } from "./hpa.js";
import { keda } from "./keda.js";
import { knative } from "./knative.js";
import { knobs, withinBounds } from "./knobs.js";
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

/** What a scenario may write of an autoscaler of the user's own beside the options of that; the defaults are ours. */
export const CUSTOM_KNOBS = knobs({ interval: "15s" });

/** An autoscaler by its name, or with its options, as a scenario writes it; or a module of the user's own. */
export const autoscaler = nameMapOrModule("algorithm", AUTOSCALERS, CUSTOM_KNOBS);

export type AutoscalerSpec = z.output<typeof autoscaler>;

interface Timetabled {
  timetable?(options: never): Timetable;
}

/** Makes the autoscaler of one pool. Throws CODE_FAILED where a module of the user's own fails. */
export function createAutoscaler(
  spec: AutoscalerSpec,
  context: ScalerContext,
  custom?: CustomUse,
): Autoscaler {
  if (spec.algorithm === "custom") {
    const { slots, kvTokens, coldStart } = context;
    return new CustomAutoscaler(new CustomInstance(spec, custom!, { slots, kvTokens, coldStart }, 0));
  }
  const { algorithm, ...options } = spec;
  return definitionOf(AUTOSCALERS, algorithm, "autoscaler").create(options as never, context);
}

/** Whether it is shown what will be. */
export function foresees({ algorithm }: AutoscalerSpec): boolean {
  return AUTOSCALERS.some((one: { readonly name: string; readonly foresees?: boolean }) => {
    return one.name === algorithm && one.foresees === true;
  });
}

/** What an autoscaler says of any time, within its bounds; undefined for one that goes by load. */
export function timetableOf({ algorithm, ...options }: AutoscalerSpec): Timetable | undefined {
  const definition: Timetabled | undefined = AUTOSCALERS.find(({ name }) => name === algorithm);
  const stated = definition?.timetable?.(options as never);
  if (stated === undefined) return undefined;
  return {
    changesAt: (at) => stated.changesAt(at),
    replicasAt: (at) => {
      const replicas = stated.replicasAt(at);
      return replicas === undefined ? undefined : withinBounds(options, replicas);
    },
  };
}
