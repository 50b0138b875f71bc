// The yardstick of every benchmark: a plain binary heap of numbers that pops its least and pushes a later one. Machines
// differ and are noisy; a ratio to this loop, measured in the same process just before, travels better than seconds.

const PENDING = 1000;

/** Pop-and-push pairs per second of the raw loop. */
export function referencePairsPerSecond(pairs = 2_000_000): number {
  const heap = new Float64Array(PENDING);
  let state = 42;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let index = 0; index < PENDING; index++) heap[index] = random();
  heap.sort();
  const began = performance.now();
  for (let pair = 0; pair < pairs; pair++) sinkRoot(heap, heap[0]! + random());
  return pairs / ((performance.now() - began) / 1000);
}

/** Replaces the least by `value` and restores the order. */
function sinkRoot(heap: Float64Array, value: number): void {
  let hole = 0;
  for (let child = 1; child < heap.length; child = 2 * hole + 1) {
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= value) break;
    heap[hole] = heap[child]!;
    hole = child;
  }
  heap[hole] = value;
}
