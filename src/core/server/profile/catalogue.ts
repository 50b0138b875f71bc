// The models, GPUs and links that estimates may name: public shapes and datasheets, each with its source. Looks things
// up; what a shape or a sheet means for a step is not known here.
import { unknownName } from "../../document/definition.js";
import type { GpuSheet, LinkSheet, ModelShape } from "./file/hardware-keys.js";
import gpus from "./shipped/gpus.json" with { type: "json" };
import links from "./shipped/links.json" with { type: "json" };
import models from "./shipped/models.json" with { type: "json" };

// What the compiler reads out of JSON says "string" where a type says "gqa": a test parses all files by the schema.
const MODELS = new Map(Object.entries(models)) as ReadonlyMap<string, unknown> as ReadonlyMap<
  string,
  ModelShape
>;
const GPUS = new Map(Object.entries(gpus)) as ReadonlyMap<string, unknown> as ReadonlyMap<string, GpuSheet>;

const LINKS = new Map(Object.entries(links)) as ReadonlyMap<string, unknown> as ReadonlyMap<
  string,
  LinkSheet
>;

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

/** A link as given, by its name, or by its rate alone. Throws NOT_FOUND for a name that is not in the catalogue. */
export function linkSheet(link: number | string | LinkSheet): LinkSheet {
  if (typeof link === "number") return { ...lookUp(LINKS, "nvlink4", "link"), bandwidth: link };
  return typeof link === "string" ? lookUp(LINKS, link, "link") : link;
}

function lookUp<Entry>(entries: ReadonlyMap<string, Entry>, name: string, kind: string): Entry {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  throw unknownName(name, [...entries.keys()], kind);
}
