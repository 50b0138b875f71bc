// When a fault happens whose times nobody has published: the scenario has to say.
import type * as z from "zod";

/** Reports that a fault never happens. */
export function atOrEvery(
  { at, every }: { readonly at?: unknown; readonly every?: unknown },
  context: z.core.$RefinementCtx,
): void {
  if (at !== undefined || every !== undefined) return;
  context.addIssue({ code: "custom", message: "it never happens: say at, or every", input: at });
}
