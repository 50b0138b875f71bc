// A fault: something that breaks a part of the fleet now and then, by schedule or by chance, and mends it again. One
// file per kind in kinds/ holds its definition, and one line in registry.ts lists it. A fault acts in the phase of
// faults, after all that completes at that instant; what becomes of the requests that it stops is the service's
// business.
import type * as z from "zod";
import type { Instant } from "../../../base/units.js";
import type { Checked, Definition, Options } from "../../../document/definition.js";
import type { Stream } from "../../../random/stream.js";
import type { StatedTime } from "../../../random/time-distribution.js";
import type { Gateway } from "../../gateway/gateway.js";
import type { HaltedSequence } from "../../replica/replica.js";
import type { Controllers } from "../control/controllers.js";
import type { Fleet } from "../fleet.js";
import type { NodeLife } from "../node-life.js";

/** What a fault has done at one instant: what it has stopped, and which pools have more or less than before. */
export class Toll {
  readonly halted: HaltedSequence[] = [];
  readonly pools = new Set<number>();

  clear(): void {
    this.halted.length = 0;
    this.pools.clear();
  }
}

export interface Fault {
  /** Does what is due, and says when to act again: later than now, or NEVER. */
  act(now: Instant, toll: Toll): Instant;
}

export interface FaultPool {
  readonly index: number;
  readonly name: string;
}

/** What faults may break. */
export interface FaultContext {
  readonly fleet: Fleet;
  readonly nodes: NodeLife;
  readonly gateway: Gateway;
  readonly controllers: Controllers;
  /** The pool of that name; without one, all pools. */
  poolsOf(name: string | undefined): readonly FaultPool[];
  /** A stream of the fault's own. */
  open(name: string): Stream;
}

/** What options may name, as the scenario writes it. */
export interface FaultsAround {
  readonly pools: unknown;
  readonly inventory: unknown;
  /** How many instances a pool is to have at a time; undefined where that is not known. */
  instancesOf(pool: string, at: Instant): number | undefined;
}

export interface FaultDefinition<Name extends string, Shape extends z.ZodRawShape>
  extends Definition<Name, Shape, FaultContext, Fault>,
    Checked<FaultsAround> {
  /** Where its defaults come from, for the documentation: with a date, and read, excerpt, derived or ours. */
  readonly source: string;
  /** What it draws from how long that is out which it breaks, so that one knows how long to wait for it. */
  outFor(options: Options<Shape>): readonly StatedTime[];
}

/** A kind of fault with its name and options. */
export function defineFault<const Name extends string, Shape extends z.ZodRawShape>(
  definition: FaultDefinition<Name, Shape>,
): FaultDefinition<Name, Shape> {
  return definition;
}
