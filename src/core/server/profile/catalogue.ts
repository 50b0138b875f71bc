// The models and GPUs that estimates may name: public shapes and datasheets, each with its source. Looks things up;
// what a shape or a sheet means for a step is not known here.
import { unknownName } from "../../document/definition.js";
import type { GpuSheet, ModelShape } from "./file/hardware-keys.js";
import gpus from "./shipped/gpus.json" with { type: "json" };
import models from "./shipped/models.json" with { type: "json" };

// What the compiler reads out of JSON says "string" where a type says "gqa": a test parses both files by the schema.
const MODELS = new Map(Object.entries(models)) as ReadonlyMap<string, unknown> as ReadonlyMap<
  string,
  ModelShape
>;
const GPUS: ReadonlyMap<string, GpuSheet> = new Map(Object.entries(gpus));

export const MODEL_NAMES: readonly string[] = [...MODELS.keys()];
export const GPU_NAMES: readonly string[] = [...GPUS.keys()];

/** A shape as given, or by its name. Throws NOT_FOUND for a name that is not in the catalogue. */
export function modelShape(model: string | ModelShape): ModelShape {
  return typeof model === "string" ? lookUp(MODELS, model, "model") : model;
}

/** A datasheet as given, or by its name. Throws NOT_FOUND for a name that is not in the catalogue. */
export function gpuSheet(gpu: string | GpuSheet): GpuSheet {
  return typeof gpu === "string" ? lookUp(GPUS, gpu, "GPU") : gpu;
}

function lookUp<Entry>(entries: ReadonlyMap<string, Entry>, name: string, kind: string): Entry {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  throw unknownName(name, [...entries.keys()], kind);
}
