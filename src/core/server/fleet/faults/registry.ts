// Every kind of fault that a scenario may name. A new one is one file in kinds/ and one line here.
import type * as z from "zod";
import { definitionOf, oneOf } from "../../../document/definition.js";
import type { StatedTime } from "../../../random/time-distribution.js";
import type { Fault, FaultContext } from "./fault.js";
import { controlPlane } from "./kinds/control-plane.js";
import { hang } from "./kinds/hang.js";
import { incident } from "./kinds/incident.js";
import { instanceCrash } from "./kinds/instance-crash.js";
import { nodeLoss } from "./kinds/node-loss.js";
import { rackLoss } from "./kinds/rack-loss.js";
import { slowDown } from "./kinds/slow-down.js";
import { spotReclaim } from "./kinds/spot-reclaim.js";

export const FAULTS = [
  nodeLoss,
  rackLoss,
  spotReclaim,
  instanceCrash,
  hang,
  slowDown,
  controlPlane,
  incident,
] as const;

/** A fault with its options, as a scenario writes it. */
export const fault = oneOf("fault", FAULTS);

export type FaultSpec = z.output<typeof fault>;

/** The times that what it breaks is out, as they are stated. */
export function outFor({ fault: kind, ...options }: FaultSpec): readonly StatedTime[] {
  return definitionOf(FAULTS, kind, "fault").outFor(options as never);
}

export function createFault({ fault: kind, ...options }: FaultSpec, context: FaultContext): Fault {
  return definitionOf(FAULTS, kind, "fault").create(options as never, context);
}
