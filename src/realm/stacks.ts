// Stacks of errors as a user's module may see them: with frames of its own script alone. Those of the host would tell
// it where on the machine it runs, and by whom it is called.
import { MODULE_SCRIPT } from "../core/custom/code.js";

/** What the engine hands out for one frame. */
interface Frame {
  getFileName(): unknown;
  getLineNumber(): unknown;
  getColumnNumber(): unknown;
}

/**
 * The text of a stack. The frames lead to the host: of them only texts and numbers go on, by nothing that a module can
 * have replaced.
 */
export function stackOfModule(error: unknown, frames: readonly Frame[]): string {
  let text = "Error";
  try {
    text = `${error}`;
  } catch {
    // What was thrown does not even say what it is.
  }
  // Not by an iterator, which a module could replace.
  for (let index = 0; index < frames.length; index++) {
    const frame = frames[index]!;
    if (frame.getFileName() !== MODULE_SCRIPT) continue;
    text += `\n    at ${MODULE_SCRIPT}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
  }
  return text;
}
