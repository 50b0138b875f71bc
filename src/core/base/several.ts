// A number of things in words. Knows no things.

/** `1 GPU`, `2 GPUs` */
export function several(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
