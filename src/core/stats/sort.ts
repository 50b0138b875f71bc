// Sorts numbers from 0 up by their bits, which are in the same order as the numbers. Typed arrays sort themselves by
// comparing, and that is what takes most of the time of a short run's result.

/** Fewer are sorted sooner by comparing: counting takes so long by itself. */
const FEW = 1024;
const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;
const LAST_DIGIT = DIGITS - 1;
/** Six digits make 64 bits: three of the low word, of which the last is short, and three of the high word. */
const PASSES = 6;
/** 1 on machines that keep the high word of a number first. */
const HIGH_FIRST = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;

/** Sorts the first `count` numbers where they stand: none below 0, no -0, no NaN. */
export function sortAscending(values: Float64Array, count: number): void {
  if (count <= FEW) {
    values.subarray(0, count).sort();
    return;
  }
  let from: Float64Array = values.subarray(0, count);
  let to: Float64Array = new Float64Array(count);
  // An even number of passes: it ends where it began.
  for (let pass = 0; pass < PASSES; pass++) {
    distribute(new Uint32Array(from.buffer, from.byteOffset, 2 * count), from, to, pass);
    [from, to] = [to, from];
  }
}

const places = new Int32Array(DIGITS);

/** One pass: into the order of one digit, equals as they stood. */
function distribute(words: Uint32Array, from: Float64Array, to: Float64Array, pass: number): void {
  const word = (pass < PASSES / 2 ? 0 : 1) ^ HIGH_FIRST;
  const shift = (pass % (PASSES / 2)) * DIGIT_BITS;
  places.fill(0);
  countDigits(words, word, shift);
  addUp();
  place(words, from, to, word, shift);
}

// A loop to each function: V8 compiles a long one while it runs, knows nothing then of those behind it in the same
// function, and in some processes never gets out of compiling that anew.

function countDigits(words: Uint32Array, word: number, shift: number): void {
  for (let index = word; index < words.length; index += 2) places[(words[index]! >>> shift) & LAST_DIGIT]!++;
}

/** From how many have a digit to where the first of them goes. */
function addUp(): void {
  let before = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const here = places[digit]!;
    places[digit] = before;
    before += here;
  }
}

function place(words: Uint32Array, from: Float64Array, to: Float64Array, word: number, shift: number): void {
  for (let index = 0; index < from.length; index++) {
    const digit = (words[2 * index + word]! >>> shift) & LAST_DIGIT;
    to[places[digit]!++] = from[index]!;
  }
}
