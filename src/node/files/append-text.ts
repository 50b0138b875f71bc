// Adds text to the end of a file that others write to as well, all of it or nothing.
import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { kindOf } from "./look.js";
import { writing } from "./system-errors.js";

const { O_APPEND, O_CREAT, O_WRONLY, O_NONBLOCK = 0 } = constants;

/** Does nothing for what is there and no plain file, such as a pipe. Throws USAGE where writing fails. */
export function appendText(path: string, text: string): void {
  const kind = writing(path, () => kindOf(path));
  if (kind !== undefined && kind !== "file") return;
  writing(path, () => {
    const file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK);
    try {
      const { size } = fstatSync(file);
      try {
        const bytes = Buffer.from(text, "utf8");
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      } catch (error) {
        ftruncateSync(file, size);
        throw error;
      }
    } finally {
      closeSync(file);
    }
  });
}
