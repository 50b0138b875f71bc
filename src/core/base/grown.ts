// Typed arrays that have become too short.

type Numbers = Uint8Array | Uint16Array | Int32Array | Float64Array;

/** A longer array of the same kind, with the old numbers at its head and zeros behind them. */
export function grown<Kind extends Numbers>(old: Kind, length: number): Kind {
  const longer = new (old.constructor as new (length: number) => Kind)(length);
  longer.set(old);
  return longer;
}
