// How a message shows a value that a file holds. It does not know what the value is.

import { visible } from "./visible.js";

/** A value of the file as a message shows it: quoted, what cannot be seen as its escape, and never long. */
export function shown(value: string): string {
  return visible(JSON.stringify(value.length > 120 ? `${value.slice(0, 117)}...` : value));
}
