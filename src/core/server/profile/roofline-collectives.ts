// What GPUs tell one another in a step of a roofline: all-reduces of tensor parallel layers, tokens on their way to
// spread experts and back, hidden states between the stages of a pipeline. How long a message takes is link.ts.
import pow from "@stdlib/math-base-special-pow";
import { allReduceMillis, allToAllMillis, handOverMillis } from "./link.js";
import { gpusOfStage } from "./parallel.js";
import type { Machine } from "./roofline-machine.js";

/** Bytes of one number sent between GPUs. */
const SENT_BYTES = 2;

/**
 * Milliseconds of a pass over all layers. A layer sums every row's hidden state twice: after attention over the tensor
 * GPUs that share it, and after its feed-forward part over those that this is split over. Where experts are spread,
 * rows go to the GPUs that have their experts instead, and come back.
 */
export function collectiveMillis(machine: Machine, rows: number): number {
  const { shape, share, link, layout, collectives } = machine;
  if (!collectives) return 0;
  const { tensor, data, spreadsExperts } = layout;
  const hidden = shape.hidden * SENT_BYTES;
  const afterAttention = allReduceMillis(link, tensor, (rows / data) * hidden);
  if (!spreadsExperts) return 2 * share.layers * afterAttention;
  const afterDense = allReduceMillis(link, gpusOfStage(layout), rows * hidden);
  const denseLayers = share.layers - share.expertLayers;
  return (
    share.layers * afterAttention +
    denseLayers * afterDense +
    share.expertLayers * exchangeMillis(machine, rows)
  );
}

/** A row is sent once to each GPU that has any of its experts, in the experts' precision, and comes back in 16 bits. */
function exchangeMillis({ shape, link, layout }: Machine, rows: number): number {
  const gpus = gpusOfStage(layout);
  const { experts, precision, expertPrecision = precision } = shape;
  const copies = gpus * (1 - pow(1 - 1 / gpus, experts?.active ?? 0));
  const numbers = (rows / gpus) * copies * shape.hidden;
  const sentBytes = expertPrecision === "bf16" ? SENT_BYTES : 1;
  return allToAllMillis(link, gpus, numbers * sentBytes) + allToAllMillis(link, gpus, numbers * SENT_BYTES);
}

/** Milliseconds that a micro-batch of so many rows is on its way between stages: hidden state and residual. */
export function stageMillis({ shape, link, layout, collectives }: Machine, rows: number): number {
  if (!collectives || layout.pipeline === 1) return 0;
  return layout.pipeline * handOverMillis(link, (2 * rows * shape.hidden * SENT_BYTES) / layout.data);
}
