// Puts what was written on the disk, so that it is there in the order in which it was written even if the power fails.
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { codeOf } from "./system-errors.js";

/** Some file systems cannot, and say so; a full disk may be noticed only now. */
export function synchronize(descriptor: number): void {
  try {
    fsyncSync(descriptor);
  } catch (error) {
    if (!["EINVAL", "ENOSYS", "ENOTSUP"].includes(codeOf(error) ?? "")) throw error;
  }
}

/** The names in a folder, as far as the system does that. Never throws. */
export function synchronizeFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Not every system opens a folder, and not everyone who may write there may read it.
  }
}

/** Writes a small new file. Throws what the system says. */
export function writeDurably(path: string, text: string): void {
  const descriptor = openSync(path, "wx");
  try {
    const bytes = Buffer.from(text, "utf8");
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    synchronize(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
