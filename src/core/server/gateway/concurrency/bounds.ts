// The bounds of a concurrency limit that learns, and where between them it begins: options that those limits share.
import type * as z from "zod";
import { count } from "../../../document/units.js";

export interface Bounds {
  readonly initial: number;
  readonly least: number;
  readonly most: number;
}

const MOST = 10_000_000;

/** The bounds of a limit that learns, and where it begins. */
export const boundsOptions = (initial: number, least: number, most: number) => ({
  initial: count(1, MOST).prefault(initial).describe("Where the limit begins."),
  least: count(1, MOST).prefault(least).describe("It shrinks no further."),
  most: count(1, MOST).prefault(most).describe("It grows no further."),
});

/** Says that a limit begins within its bounds. */
export function checkBounds({ initial, least, most }: Bounds, context: z.core.$RefinementCtx): void {
  if (least <= initial && initial <= most) return;
  const message = `initial is from least (${least}) to most (${most})`;
  context.addIssue({ code: "custom", path: ["initial"], message, input: initial });
}
