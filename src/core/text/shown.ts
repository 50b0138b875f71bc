// How a message shows a value that a file holds. It does not know what the value is.

/** A value of the file as a message shows it: quoted, control characters escaped, and never long. */
export function shown(value: string): string {
  return JSON.stringify(value.length > 120 ? `${value.slice(0, 117)}...` : value);
}
