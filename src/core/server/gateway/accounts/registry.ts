// Every kind of meter that a limit may name as its `window`. A new one is one file beside this one and one line here.
import { definitionOf } from "../../../document/definition.js";
import { fixed } from "./fixed-window.js";
import type { MeterSpec, ScalableMeter } from "./meter.js";
import { sliding } from "./sliding-window.js";
import { bucket } from "./token-bucket.js";

export const METERS = [bucket, sliding, fixed] as const;
export type MeterName = (typeof METERS)[number]["name"];

/** Makes a meter with a column for each spec. */
export function createMeter(name: MeterName, specs: readonly MeterSpec[]): ScalableMeter {
  return definitionOf(METERS, name, "kind of limit").create(specs);
}
