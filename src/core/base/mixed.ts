// A 32-bit number out of a 32-bit number, spread evenly whatever there is in the first: for what chooses by an index
// and must choose the same again.

/**
 * The finalizer of MurmurHash3 (Appleby, public domain): one to one, and each bit of the number moves each bit of the
 * result about every second time. From -2^31 up, as the operators of the language have it.
 */
export function mixed(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
