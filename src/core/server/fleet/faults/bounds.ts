// Bounds between which a fault draws how much it breaks: the least is not above the most.
import type * as z from "zod";

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Reports bounds that leave nothing between them, each as `show` writes it. */
export const inOrder =
  (show: (bound: number) => string) =>
  ({ least, most }: Bounds, context: z.core.$RefinementCtx): void => {
    if (least <= most) return;
    const message = `${show(least)} is more than most (${show(most)})`;
    context.addIssue({ code: "custom", path: ["least"], message, input: least });
  };
