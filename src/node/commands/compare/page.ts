// The page of a comparison: whether and where it can be written, asked before anything runs, and the writing of it.
import { SurgefleetError } from "../../../core/index.js";
import { comparisonHtml } from "../../../core/internal.js";
import { assertWritable } from "../../files/output-path.js";
import { writeWhole } from "../../files/write-whole.js";
import { reportClientFiles } from "../../package-files.js";
import type { Compared } from "./text.js";

/** Writes the page. */
export type WritePage = (title: string, compared: Compared) => void;

/**
 * Throws USAGE where the file cannot be written, or is one that was read, and where the package was not built. The
 * page's own files are an argument, so that a test needs no build.
 */
export function openPage(path: string, inputs: readonly string[], files = reportClientFiles()): WritePage {
  const page = { flag: "--html", path };
  assertWritable([page], inputs);
  if (files === null) {
    const message = "the page's style is not built: --html needs dist/web, so run npm run build first";
    throw new SurgefleetError("USAGE", message);
  }
  return (title, { before, comparisons, answered }) => {
    const caveats = [before, ...comparisons].map((one) => one.caveats);
    const text = comparisonHtml(answered, { title, caveats, style: files.style });
    writeWhole([{ ...page, text }], inputs);
  };
}
