// Marks of processes that are not this one.
import { newMark } from "../../../../src/node/files/process-mark.js";

/** Of this machine. No process has this pid: it is above the largest that a system gives. */
export function goneMark(): string {
  return newMark().replace(/-\d+-\d+-(?=[0-9a-f]+$)/, "-99999999-1-");
}

export function elsewhere(mark: string): string {
  return mark.replace(/^[0-9a-f]{8}/, "00000000");
}
