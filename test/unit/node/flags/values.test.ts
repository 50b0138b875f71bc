import { InvalidArgumentError } from "@commander-js/extra-typings";
import { describe, expect, it } from "vitest";
import { SurgefleetError } from "../../../../src/core/index.js";
import {
  by,
  each,
  numberAbove0,
  oneOf,
  partOf,
  properShare,
  share,
  text,
  time,
  wholeNumber,
} from "../../../../src/node/flags/values.js";

const margin = share({ isInside: (value) => value >= 0, expected: "a percentage" });
const name = oneOf(() => ["good", "better"]);
const whole = wholeNumber(1000);

describe("the value of a flag", () => {
  it.each<[string, (text: string) => unknown, string, unknown]>([
    ["a whole number", whole, "1000", 1000],
    ["a whole number with an exponent", whole, "1e3", 1000],
    ["a number", numberAbove0, "0.5", 0.5],
    ["a part in percent", partOf, "10%", 0.1],
    ["a part as a number", partOf, "0.1", 0.1],
    ["all of it", partOf, "100%", 1],
    ["a proper share", properShare, ".5%", 0.005],
    ["a percentage without an end", margin, "150%", 1.5],
    ["milliseconds", time, "250ms", 250_000],
    ["hours", time, " 1.5 h ", 5_400_000_000],
    ["no time", time, "0s", 0],
    ["a name", name, "better", "better"],
    ["a text", text("a name"), " ", " "],
  ])("is %s", (_, parse, given, wanted) => {
    expect(parse(given)).toBe(wanted);
  });

  it.each<[string, (text: string) => unknown, RegExp]>([
    ["0", whole, /whole number from 1 to 1000/],
    ["1001", whole, /whole number/],
    ["1e4", whole, /whole number/],
    ["1.5", whole, /whole number/],
    ["", numberAbove0, /number above 0/],
    ["0", numberAbove0, /number above 0/],
    ["Infinity", numberAbove0, /number above 0/],
    ["200%", partOf, /share up to 100%/],
    ["0", partOf, /share up to 100%/],
    ["1", properShare, /share between 0 and 100%/],
    ["2", margin, /a percentage/],
    ["-2%", margin, /a percentage/],
    ["90", time, /time such as 250ms/],
    ["soon", time, /time such as 250ms/],
    ["bad", name, /There are good, better\./],
    ["", text("a name"), /Write a name\./],
  ])("is not %j, and commander is told what would be", (given, parse, wanted) => {
    expect(() => parse(given)).toThrow(InvalidArgumentError);
    expect(() => parse(given)).toThrow(wanted);
  });

  it("keeps what was given before, where a flag may be given again", () => {
    const parse = each(whole);
    expect(parse("2", parse("1"))).toEqual([1, 2]);
  });

  it("may be read by the library, whose complaint is that about the flag; a fault stays a fault", () => {
    const refuse = by(() => {
      throw new SurgefleetError("USAGE", "no such thing");
    });
    expect(() => refuse("x")).toThrow(new InvalidArgumentError("no such thing."));
    const ask = by(() => {
      throw new SurgefleetError("USAGE", 'did you mean "fifo"?');
    });
    expect(() => ask("x")).toThrow(new InvalidArgumentError('did you mean "fifo"?'));
    const broken = by(() => {
      throw new TypeError("ours");
    });
    expect(() => broken("x")).toThrow(TypeError);
  });
});
