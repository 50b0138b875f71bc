// What the sources of a run were to send longer than their bounds are, by source, over runs and in words.
import * as z from "zod";
import { several } from "../../base/several.js";

const KINDS = ["prompts", "outputs", "thinkTimes"] as const;
type Kind = (typeof KINDS)[number];

/** How many of each were cut, warm-up included. */
export interface SourceCut extends Readonly<Record<Kind, number>> {
  readonly source: string;
}

export const CUT_SCHEMA: z.ZodType = z.looseObject({
  source: z.string(),
  prompts: z.number().describe("prompts that were to be longer than maxInput"),
  outputs: z.number().describe("outputs that were to be longer than maxOutput"),
  thinkTimes: z.number().describe("think times that were to be longer than a simulation can last"),
});

/** Sources that cut nothing are left out. */
export function cutsOf(sources: readonly { name: string; cuts?: Omit<SourceCut, "source"> | undefined }[]) {
  return sources.flatMap(({ name, cuts }): SourceCut[] => {
    if (cuts === undefined || KINDS.every((kind) => cuts[kind] === 0)) return [];
    const { prompts, outputs, thinkTimes } = cuts;
    return [{ source: name, prompts, outputs, thinkTimes }];
  });
}

/** Of runs together, their sums, in the order in which sources are first met. */
export function cutsOver(runs: readonly (readonly SourceCut[])[]): SourceCut[] {
  const all = runs.flat();
  return [...new Set(all.map(({ source }) => source))].map((source) => {
    const own = all.filter((one) => one.source === source);
    const sum = (kind: Kind) => own.reduce((so, one) => so + one[kind], 0);
    return { source, prompts: sum("prompts"), outputs: sum("outputs"), thinkTimes: sum("thinkTimes") };
  });
}

const WORDS: Readonly<Record<Kind, readonly [one: string, bound: string]>> = {
  prompts: ["prompt", "maxInput"],
  outputs: ["output", "maxOutput"],
  thinkTimes: ["think time", "a century"],
};

export function cutTexts({ source, ...counts }: SourceCut): string[] {
  return KINDS.flatMap((kind) => {
    const [one, bound] = WORDS[kind];
    return counts[kind] > 0
      ? [`${several(counts[kind], one)} of ${source} cut to ${bound}, warm-up included`]
      : [];
  });
}
