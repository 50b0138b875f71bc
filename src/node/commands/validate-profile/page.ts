// The page of a validation: whether and where it can be written, asked before anything runs, and the writing of it.
import { basename } from "node:path";
import { SurgefleetError } from "../../../core/index.js";
import { assertWritable } from "../../files/output-path.js";
import { writeWhole } from "../../files/write-whole.js";
import type { reportClientFiles } from "../../package-files.js";
import type { Terminal } from "../../terminal.js";

/** Writes the page that is made of these parts, and says so. */
export type WritePage = (
  make: (parts: { readonly title: string; readonly style: string }) => string,
  terminal: Terminal,
) => void;

/** Throws USAGE where the file cannot be written, or is one that was read, and where the package was not built. */
export function openPage(
  path: string,
  inputs: readonly string[],
  profile: string,
  files: ReturnType<typeof reportClientFiles>,
): WritePage {
  const page = { flag: "--html", path };
  assertWritable([page], inputs);
  if (files === null) {
    const message = "the page's style is not built: --html needs dist/web, so run npm run build first";
    throw new SurgefleetError("USAGE", message);
  }
  const title = `${inputs.map((input) => basename(input)).join(", ")} against ${basename(profile)}`;
  return (make, terminal) => {
    writeWhole([{ ...page, text: make({ title, style: files.style }) }], inputs);
    terminal.errors.write(`wrote ${path}\n`);
  };
}
