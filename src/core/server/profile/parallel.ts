// How the GPUs of a replica share a model: tensor (each layer is split), pipeline (each has some of the layers), data
// (each has its own sequences), and whether experts are spread over the tensor and data GPUs of a stage. Knows numbers
// of GPUs, not what a share of a model is.
import type { RooflineFile } from "./file/roofline-keys.js";

export interface Layout {
  readonly tensor: number;
  readonly pipeline: number;
  readonly data: number;
  /** Whether the experts of a layer, and what stands beside them, are spread over all GPUs of a stage. */
  readonly spreadsExperts: boolean;
}

type Given = Pick<RooflineFile, "gpus" | "attention" | "parallel">;

/** `gpus` and `attention` are short for the two common layouts. */
export function layoutOf({ gpus = 1, attention = "tensor", parallel }: Given): Layout {
  if (parallel === undefined) {
    const isData = attention === "data";
    const [tensor, data] = isData ? [1, gpus] : [gpus, 1];
    return { tensor, pipeline: 1, data, spreadsExperts: isData && gpus > 1 };
  }
  const { tensor = 1, pipeline = 1, data = 1, expert = 1 } = parallel;
  return { tensor, pipeline, data, spreadsExperts: expert > 1 };
}

/** GPUs that have the same layers. */
export const gpusOfStage = ({ tensor, data }: Layout): number => tensor * data;

export const gpusOf = (layout: Layout): number => layout.pipeline * gpusOfStage(layout);
