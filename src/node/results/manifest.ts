// manifest.json: what went into a run and what came out, by hash. It holds no time, host or path, so that two
// equal runs write the same bytes; comparing two manifests says whether two results can differ at all.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type RunResult, SurgefleetError } from "../../core/index.js";
import type { CustomModules } from "../../core/internal.js";
import { readText } from "../files/read-text.js";
import type { WrittenFile } from "../files/temporary-file.js";
import { parsedJson } from "../json.js";

export const MANIFEST_FILE = "manifest.json";
const MANIFEST_SCHEMA_VERSION = 1;

export interface ManifestInput {
  readonly version: string;
  readonly result: RunResult;
  /** The scenario after extends and overrides, as plain data. */
  readonly document: unknown;
  readonly overrides: readonly string[];
  /** By the name that the scenario gives them; null for what is no regular file, such as a pipe. */
  readonly traces: Readonly<Record<string, WrittenFile | null>>;
  /** Modules of users' own, by the name that the scenario gives them. */
  readonly modules?: CustomModules | undefined;
  readonly files: Readonly<Record<string, WrittenFile>>;
}

export function manifestJson(input: ManifestInput): string {
  const { version, result, document, overrides, traces, modules, files } = input;
  const manifest = {
    schemaVersion: MANIFEST_SCHEMA_VERSION,
    surgefleet: version,
    scenario: { name: result.scenario, sha256: dataHash(document) },
    seed: result.seed,
    overrides,
    partial: result.partial,
    traces,
    ...(modules && { code: hashesOf(modules) }),
    files,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** By module, the hash of what runs. */
export function hashesOf(modules: CustomModules): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(modules).map(([name, { sha256 }]) => [name, sha256]));
}

/** Tells data apart by what it says, however it was written: a scenario after extends and overrides, a profile. */
export function dataHash(document: unknown): string {
  return sha256(canonicalJson(document));
}

/** What went into a run, as far as its manifest says. */
export interface ManifestFacts {
  readonly scenarioHash: string | undefined;
  readonly overrides: readonly string[];
}

/** Throws USAGE for a manifest that no run wrote. `path` is for messages. */
export function manifestFacts(text: string, path: string): ManifestFacts {
  const damaged = (why: string) => new SurgefleetError("USAGE", `${path} is damaged: ${why}`);
  const manifest = parsedJson(text);
  if (manifest === undefined) throw damaged("it is not JSON");
  const fields = fieldsOf(manifest);
  if (fields === undefined) throw damaged("it is no object");
  const { scenario, overrides = [] } = fields;
  const { sha256 } = fieldsOf(scenario) ?? {};
  if (sha256 !== undefined && typeof sha256 !== "string") throw damaged("scenario.sha256 is no text");
  if (!Array.isArray(overrides) || overrides.some((one) => typeof one !== "string"))
    throw damaged("overrides is no list of texts");
  return { scenarioHash: sha256, overrides };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}

/** Names of the files that an earlier run wrote into a folder; undefined where no manifest of ours says so. */
export function earlierFiles(folder: string): readonly string[] | undefined {
  try {
    const { surgefleet, files } = fieldsOf(parsedJson(readText(join(folder, MANIFEST_FILE)))) ?? {};
    const written = fieldsOf(files);
    return surgefleet === undefined || written === undefined
      ? undefined
      : [...Object.keys(written), MANIFEST_FILE];
  } catch {
    // There is none, or it cannot be read: nothing says that the folder is ours.
    return undefined;
  }
}

/** JSON with sorted keys and no spaces: equal data, equal text, however the file was written. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
