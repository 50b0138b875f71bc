// What a definition's options say of themselves: name, default as a scenario writes it, text, and where the default is
// from. For lists of definitions; knows none.
import * as z from "zod";
import type { Sourced } from "./definition.js";
import { written } from "./written.js";

export interface OptionFacts {
  readonly name: string;
  /** As a scenario has it; null for one that may be left out. */
  readonly default: string | null;
  /** Its origin, or several; null where the definition does not say. */
  readonly from: string | null;
  readonly text: string;
}

interface Described extends Sourced {
  readonly options: z.ZodRawShape;
}

export function optionFacts({ options, defaults = {} }: Described): OptionFacts[] {
  return Object.entries(options).map(([name, schema]) => ({
    name,
    default: schema instanceof z.ZodPrefault ? written(schema.def.defaultValue) : null,
    from: defaults[name] ?? null,
    text: (schema as z.ZodType).description ?? "",
  }));
}
