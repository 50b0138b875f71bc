// Records may be looked at before they are read, and come no other for it.
import { expect, test } from "vitest";
import { LookAhead } from "../../../../src/core/demand/trace/look-ahead.js";

/** As readers of lines do: the same object every time. */
function* records(count: number, fails = false) {
  const one = { text: "", number: 0 };
  for (let number = 1; number <= count; number++) {
    one.text = `r${number}`;
    one.number = number;
    yield one;
  }
  if (fails) throw new Error("bad");
}

test("what was looked at comes all the same, with its number", () => {
  const ahead = new LookAhead(records(5));
  const seen: string[] = [];
  for (const { text, number } of ahead) {
    if (number === 2) expect(ahead.peek()).toEqual(["r2", "r3", "r4", "r5"]);
    seen.push(`${number}${text}`);
  }
  expect(seen).toEqual(["1r1", "2r2", "3r3", "4r4", "5r5"]);
});

test("it looks at some hundreds at most", () => {
  const ahead = new LookAhead(records(10_000));
  for (const _ of ahead) {
    expect(ahead.peek()).toHaveLength(257);
    break;
  }
});

test("what goes wrong ahead is told when the reading comes to it", () => {
  const ahead = new LookAhead(records(3, true));
  const seen: string[] = [];
  const read = () => {
    for (const { text } of ahead) {
      ahead.peek();
      seen.push(text);
    }
  };
  expect(read).toThrow("bad");
  expect(seen).toEqual(["r1", "r2", "r3"]);
});
