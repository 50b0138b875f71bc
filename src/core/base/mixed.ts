// A hash of whole numbers that needs no chance: what is alike or next to each other comes out far apart.

/**
 * Whole and even over 32 bits, with a sign, whatever the number: the finalizer of MurmurHash3 (Appleby, public domain).
 * Different numbers of 32 bits stay different.
 */
export function mixed(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
