// Ids that are different stay different, and those that are the same the same: over all that JSON may have for an id.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExactBlocks, ExactIds } from "../../../../src/core/demand/trace/exact-ids.js";
import { reading } from "./traces.js";

/** JSON literals of ids: numbers of any size and text, digits in quotes among it. */
const literal = fc.oneof(
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.nat(20).map(String),
  fc.nat(20).map((value) => `"${value}"`),
  fc.constantFrom("1 (text)", "1 (a number)", "1", " 1", "=1", "x").map((text) => JSON.stringify(text)),
  fc.string({ minLength: 1 }).map((text) => JSON.stringify(text)),
);

/** Whether two literals are one id: text by its characters, numbers by their value. */
function isSame(one: string, other: string): boolean {
  if (one === other) return true;
  const [a, b]: unknown[] = [JSON.parse(one), JSON.parse(other)];
  if (typeof a !== typeof b || a !== b) return false;
  // Two whole numbers that one double stands for are two.
  const isWhole = /^-?\d+$/;
  return typeof a === "string" || !isWhole.test(one) || !isWhole.test(other) || BigInt(one) === BigInt(other);
}

describe("ids", () => {
  test("are one where they are written alike, and only there", () => {
    const law = fc.property(fc.array(literal, { minLength: 2, maxLength: 12 }), (literals) => {
      const ids = new ExactIds();
      const names = literals.map((one) => ids.nameOf(JSON.parse(one), () => one)!);
      literals.forEach((one, i) => {
        literals.forEach((other, j) => {
          if ((names[i] === names[j]) !== isSame(one, other))
            expect([one, other, names[i], names[j]]).toBe("told apart");
        });
      });
    });
    fc.assert(law, { numRuns: 2000 });
  });

  test("of one kind are their own names", () => {
    const ids = new ExactIds();
    expect(["a", "1", "=x"].map((one) => ids.nameOf(one, () => ""))).toEqual(["a", "1", "=x"]);
    const numbers = new ExactIds();
    expect([1, 1.5].map((one) => numbers.nameOf(one, () => String(one)))).toEqual(["1", "1.5"]);
    expect([true, null, {}, []].map((one) => ids.nameOf(one, () => ""))).toEqual(Array(4).fill(undefined));
  });
});

test("block ids of any size and kind are told apart, and whole numbers are themselves", () => {
  const law = fc.property(fc.array(literal, { minLength: 1, maxLength: 10 }), (literals) => {
    const blocks = new ExactBlocks();
    const list = JSON.parse(`[${literals.join(",")}]`) as unknown;
    const numbers = blocks.read(list, () => literals)!;
    expect(blocks.read(list, () => literals)).toEqual(numbers);
    literals.forEach((one, i) => {
      literals.forEach((other, j) => {
        if (one === other) expect(numbers[i]).toBe(numbers[j]);
        else if (!isSame(one, other)) expect(numbers[i]).not.toBe(numbers[j]);
      });
    });
  });
  fc.assert(law, { numRuns: 1000 });
  expect(new ExactBlocks().read([1, -2, 3], () => [])).toEqual([1, -2, 3]);
  expect(new ExactBlocks().read([1, null], () => [])).toBeUndefined();
});

describe("sessions of a file", () => {
  const moon = (session: string, at: number) =>
    `{"timestamp":${at},"session_id":${session},"input_length":5,"output_length":1,"hash_ids":[1]}\n`;

  test.each([
    ["numbers that one double stands for", "9007199254740993", "9007199254740992"],
    ["a number and its digits", "1", '"1"'],
    ["digits and their number", '"1"', "1"],
    ["no session and one", "null", '"null"'],
    ["zero and none", "0", '""'],
  ])("%s are two", (_, one, other) => {
    const { rows, error } = reading([moon(one, 0) + moon(other, 1)], { format: "mooncake" });
    expect([error, new Set(rows.map(({ session }) => session)).size]).toEqual(["", 2]);
  });

  test("of WEKA that have one id are two, and told", () => {
    const one = '{"id":7,"ty":"n","rows":[[0,0,10,5,0,"H","u",1,0]]}\n';
    expect(reading([one + one]).rows.map(({ session }) => session)).toEqual(["7", "7#2"]);
  });

  test("64-bit hashes are block ids", () => {
    const row = (hash: string, at: number) =>
      `{"timestamp":${at},"input_length":5,"output_length":1,"hash_ids":[${hash}]}\n`;
    const hashes = [
      "18446744073709551615",
      "18446744073709551614",
      '"18446744073709551615"',
      "18446744073709551615",
    ];
    const { rows } = reading(hashes.map((hash, at) => row(hash, at)));
    const ids = rows.map(({ blocks }) => blocks![0]);
    expect([new Set(ids).size, ids[3]]).toEqual([3, ids[0]]);
  });
});
