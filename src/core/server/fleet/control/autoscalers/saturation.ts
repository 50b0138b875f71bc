// Saturation scaling of llm-d's workload variant autoscaler, version 1: one more replica while those that are not
// saturated have little to spare of KV cache or queue on average, one fewer when the others could take its load and
// still spare that. Nothing is added while one is on its way. Source: llm-d/llm-d-workload-variant-autoscaler
// @b08b1c7 and @14bed5d, docs/saturation-analyzer.md, configmap-saturation-scaling.yaml,
// internal/saturation/constants.go (read, 2026-11): saturated at 80 % of KV or 5 waiting, triggers 10 % and 3; every
// 30 s (excerpt). Two things differ. There each engine has a queue; here the pool has one, so that every replica
// counts an equal share of it. There each metric is a replica's peak of a minute; here it is the latest sample. That
// all saturated means one more is from memory.
import { real, share } from "../../../../document/units.js";
import { type Autoscaler, defineAutoscaler } from "./autoscaler.js";
import { knobOrigins, knobs } from "./knobs.js";
import type { ScalingView } from "./view.js";

interface SaturationOptions {
  readonly kvThreshold: number;
  readonly queueThreshold: number;
  readonly kvSpare: number;
  readonly queueSpare: number;
}

class Saturation implements Autoscaler {
  readonly looksBack = 0;
  readonly watchesKv = true;
  readonly #options: SaturationOptions;

  constructor(options: SaturationOptions) {
    this.#options = options;
  }

  recommend({ latest, wanted }: ScalingView): number | undefined {
    if (latest.ready === 0) return undefined;
    const { kvThreshold, queueThreshold } = this.#options;
    const queue = latest.queued / latest.ready;
    const free = queue >= queueThreshold ? [] : latest.kvShares.filter((kv) => kv < kvThreshold);
    const kv = free.reduce((sum, one) => sum + one, 0);
    const isPending = latest.starting > 0 || latest.ready < wanted;
    if (free.length === 0 || !this.#spares(kv / free.length, queue))
      return isPending ? undefined : wanted + 1;
    const others = free.length - 1;
    const canLose = others >= 1 && this.#spares(kv / others, (queue * free.length) / others);
    return canLose && latest.ready <= wanted ? wanted - 1 : undefined;
  }

  /** Whether enough is left with so much in use on average. */
  #spares(kv: number, queue: number): boolean {
    const { kvThreshold, queueThreshold, kvSpare, queueSpare } = this.#options;
    return kvThreshold - kv >= kvSpare && queueThreshold - queue >= queueSpare;
  }
}

export const saturation = defineAutoscaler({
  name: "saturation",
  summary:
    "llm-d's saturation scaling: one more or one fewer by what is spare of KV cache and queue, none while one starts.",
  sources: [
    {
      text: "llm-d/llm-d-workload-variant-autoscaler docs/saturation-analyzer.md @b08b1c7, @14bed5d",
      date: "2026-11",
    },
  ],
  defaults: {
    ...knobOrigins("excerpted", ["interval"]),
    kvThreshold: "read",
    queueThreshold: "read",
    kvSpare: "read",
    queueSpare: "read",
  },
  options: {
    ...knobs({ least: 1, interval: "30s" }),
    kvThreshold: share({ above: 0 }).prefault("80%").describe("Saturated at this share of the KV cache."),
    queueThreshold: real({ above: 0, to: 1e6 })
      .prefault(5)
      .describe("Or with so many waiting: the pool's queue over the replicas that are ready."),
    kvSpare: share().prefault("10%").describe("One more when less than that is spared on average."),
    queueSpare: real({ from: 0, to: 1e6 })
      .prefault(3)
      .describe("Or when fewer than so many could still wait."),
  },
  create: (options) => new Saturation(options),
});
