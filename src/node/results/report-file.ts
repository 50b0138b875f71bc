// report.html: the page that the core writes from a result, with its script and style as they were built.
import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { type RunResult, SurgefleetError } from "../../core/index.js";
import { type ReportClient, reportHtml } from "../../core/internal.js";
import { type ReportClientFiles, reportClientFiles } from "../package-files.js";

export const REPORT_FILE = "report.html";

export interface ReportInputs {
  /** The scenario after extends and overrides, as plain data; undefined where it is not known. */
  readonly document?: unknown;
  /** manifest.json as text. */
  readonly manifest?: string | undefined;
}

/** Whether a report can be written: from the sources it cannot, until they have been built once. */
export function canReport(): boolean {
  return reportClientFiles() !== null;
}

/** Throws USAGE where the package was not built. */
export function reportFile(
  result: RunResult,
  { document, manifest }: ReportInputs,
  files: ReportClientFiles | null = reportClientFiles(),
): string {
  if (files === null) {
    const message = "the page's script is not built: a report needs dist/web, so run npm run build first";
    throw new SurgefleetError("USAGE", message);
  }
  return reportHtml(result, {
    scenario: document === undefined ? null : stringify(document),
    manifest: manifest ?? null,
    client: withHash(files),
  });
}

/** The page lets no other script run than the one with this hash. */
export function withHash(files: ReportClientFiles): ReportClient {
  return { ...files, scriptHash: createHash("sha256").update(files.script, "utf8").digest("base64") };
}
