import { describe, expect, test } from "vitest";
import {
  detectFormat,
  formatNamed,
  TRACE_FORMATS,
} from "../../../../src/core/demand/trace/formats/formats.js";
import { AZURE, FULL, GENERIC, reading } from "./traces.js";

const DATE = "2024-05-10 00:00:00.009930";
const azure = (...rows: string[]) => AZURE + rows.join("\n");
const generic = (...rows: string[]) => GENERIC + rows.join("\n");
const full = (...rows: string[]) => FULL + rows.join("\n");

// Name of the mistake, the text, and what the message must hold: the place first of all.
const MALFORMED: readonly (readonly [string, string, string])[] = [
  ["an empty file", "", "t: the file is empty"],
  ["a header only", AZURE, "t:1:1 the trace has a header but no rows"],
  ["a header and blank lines", `${GENERIC}\n\n`, "the trace has a header but no rows"],
  ["a blank first line", `\n${GENERIC}1,2,3`, "t:1:1 the first line is blank"],
  ["an unknown header", "a,b,c\n1,2,3", 't:1:1 no known trace format begins with "a,b,c"'],
  ["a row without a header", "1,2,3\n", 't:1:1 no known trace format begins with "1,2,3"'],
  ["other JSON", '{"timestamp":1,"input_length":2}\n', "t:1:1 no known trace format begins with"],
  ["a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "run: git lfs pull"],
  ["a decimal count", azure(`${DATE},12.5,3`), 't:2:28 ContextTokens: is "12.5", but must be a whole number'],
  ["an exponent", azure(`${DATE},5,1e3`), 't:2:30 GeneratedTokens: is "1e3", but must be a whole'],
  ["words for a count", azure(`${DATE},abc,3`), 't:2:28 ContextTokens: is "abc"'],
  ["an empty count", azure(`${DATE},,3`), "t:2:28 ContextTokens: is empty"],
  ["a negative count", azure(`${DATE},5,-5`), 't:2:30 GeneratedTokens: is "-5", but must not be negative'],
  ["NaN", azure(`${DATE},NaN,3`), 't:2:28 ContextTokens: is "NaN"'],
  ["a hexadecimal count", azure(`${DATE},0x10,3`), 't:2:28 ContextTokens: is "0x10"'],
  ["a plus sign", azure(`${DATE},+5,3`), 't:2:28 ContextTokens: is "+5"'],
  ["a blank before a count", azure(`${DATE}, 5,3`), 't:2:28 ContextTokens: is " 5"'],
  ["too many tokens", azure(`${DATE},100000001,3`), "t:2:28 ContextTokens: is"],
  ["no input", azure(`${DATE},0,3`), "t:2:28 ContextTokens: is 0, but a request has at least 1 token"],
  [
    "no output",
    azure(`${DATE},5,0`),
    "t:2:30 GeneratedTokens: is 0: rows without output are failed requests",
  ],
  ["too few fields", azure(`${DATE},5`), "t:2:29 the number of fields is 2, but the header has 3"],
  ["too many fields", azure(`${DATE},5,6,7`), "t:2:32 the number of fields is 4, but the header has 3"],
  ["one word", azure(`${DATE},5,6`, "end"), "t:3:4 the number of fields is 1, but the header has 3"],
  ["a day that does not exist", azure("2023-02-29 00:00:00,5,6"), "t:2:1 TIMESTAMP: is"],
  ["seconds in an azure trace", azure("12.5,5,6"), 't:2:1 TIMESTAMP: is "12.5", but must be a date'],
  ["the header again", azure(`${DATE},5,6`, AZURE), 't:3:1 TIMESTAMP: is "TIMESTAMP"'],
  ["a blank line inside", azure(`${DATE},5,6`, "", "", `${DATE},5,6`), "t:3:1 a blank line inside the trace"],
  [
    "mixed offsets",
    azure(`${DATE},5,6`, `${DATE}Z,5,6`),
    "t:3:1 TIMESTAMP: is a date with offset, but line 2",
  ],
  ["NUL", azure(`${DATE},5,6`, "\0"), "t:3:1 not a text file"],
  ["a lone quote", azure(`"${DATE},5,6`), "t:2:1 a quote is out of place"],
  ["a quote inside a field", azure(`${DATE},5"5,6`), "t:2:28 a quote is out of place"],
  ["text behind a quoted field", azure(`${DATE},"5"5,6`), "t:2:28 a quote is out of place"],
  ["a field over two lines", full('1,5,6,"a', 'b",,,,0'), "t:2:7 a quote is out of place"],
  [
    "time that goes back",
    generic("5,1,1", "4.999999,1,1"),
    "t:3:1 timestamp: goes back behind the row of line 2",
  ],
  [
    "time that goes back later",
    generic("5,1,1", "6,1,1", "5,1,1"),
    "t:4:1 timestamp: goes back behind the row of line 3",
  ],
  ["negative seconds", generic("-1,1,1"), 't:2:1 timestamp: is "-1", but must not be negative'],
  ["milliseconds", generic("1700000000000,1,1"), "t:2:1 timestamp: is"],
  ["an empty timestamp", generic(",1,1"), "t:2:1 timestamp: is empty"],
  [
    "mixed clocks",
    generic("5,1,1", `${DATE},1,1`),
    "t:3:1 timestamp: is a date without offset, but line 2 has seconds",
  ],
  [
    "a misspelt column",
    "timestamp,input_tokens,output_token\n",
    't:1:24 unknown column "output_token" (did you mean "output_tokens"?',
  ],
  [
    "a column with capitals",
    "Timestamp,input_tokens,output_tokens\n",
    't:1:1 unknown column "Timestamp" (did you mean "timestamp"?',
  ],
  [
    "a column twice",
    "timestamp,input_tokens,output_tokens,tier,tier\n",
    't:1:43 column "tier" stands here a second time',
  ],
  ["a missing column", "timestamp,input_tokens\n1,2", 't:1:1 column "output_tokens" is missing'],
  ["more cached than input", full("1,5,6,,,,,7"), "t:2:11 cached_tokens: is 7, more than the 5 input tokens"],
  ["an empty cached count", full("1,5,6,,,,,"), "t:2:11 cached_tokens: is empty"],
  ["a quoted field before the mistake", full('1,5,6,"a,b",,,,x'), 't:2:16 cached_tokens: is "x"'],
  ["cut JSON", '{"timestamp":1,"input_tokens":2,"output_tokens":3}\n{"timesta', "t:2:1"],
  ["a JSON array", '{"timestamp":1,"input_tokens":2,"output_tokens":3}\n[1,2,3]', "t:2:1"],
  [
    "an unknown key",
    '{"timestamp":1,"input_tokens":2,"output_tokens":3,"acount":"a"}',
    't:1:51 acount: is an unknown key (did you mean "account"? Else leave it out (ignore: [acount]))',
  ],
  ["a missing key", '{"timestamp":1,"input_tokens":2}', "t:1:1 output_tokens: is missing"],
  ["a missing time", '{"input_tokens":2,"output_tokens":3}', "t:1:1 timestamp: is missing"],
  [
    "a count in quotes",
    '{"timestamp":1,"input_tokens":"2","output_tokens":3}',
    "t:1:16 input_tokens: must be a number, without quotes",
  ],
  [
    "a decimal JSON count",
    '{"timestamp":1,"input_tokens":2.5,"output_tokens":3}',
    't:1:16 input_tokens: is "2.5"',
  ],
  [
    "no output in JSON",
    '{"timestamp":1,"input_tokens":2,"output_tokens":0}',
    "t:1:33 output_tokens: is 0: rows without output",
  ],
  [
    "too many cached in JSON",
    '{"timestamp":1,"input_tokens":2,"output_tokens":3,"cached_tokens":4}',
    "t:1:51 cached_tokens: is 4",
  ],
  [
    "a number for a name",
    '{"timestamp":1,"input_tokens":2,"output_tokens":3,"tier":4}',
    "t:1:51 tier: must be text in quotes",
  ],
  ["negative JSON seconds", '{"timestamp":-1,"input_tokens":2,"output_tokens":3}', "t:1:2 timestamp: is"],
  [
    "JSON seconds in quotes",
    '{"timestamp":"5","input_tokens":2,"output_tokens":3}',
    't:1:2 timestamp: is "5", but must be a date',
  ],
  [
    "no JSON time",
    '{"timestamp":null,"input_tokens":2,"output_tokens":3}',
    "t:1:2 timestamp: must be a number of seconds",
  ],
  [
    "a key that is also a value",
    '{"tier":"timestamp","timestamp":-1,"input_tokens":2,"output_tokens":3}',
    "t:1:21 timestamp: is",
  ],
];

test.each(MALFORMED)("%s is told with its place", (_, text, message) => {
  expect(reading([text]).error).toContain(message);
});

describe("many problems", () => {
  test("all of one row and of later rows are told at once, and no row behind the first", () => {
    const { rows, error } = reading([generic("1,1,1", "x,-1,0", "2,1,1", "3,1.5,1", "4,1,1")]);
    expect(error.split("\n").map((line) => line.split(": ")[0])).toEqual([
      "t is not a valid trace",
      "t:3:1 timestamp",
      "t:3:3 input_tokens",
      "t:3:6 output_tokens",
      "t:5:3 input_tokens",
    ]);
    expect(rows).toHaveLength(1);
  });

  test("one row in the far future is one problem, not one of every row behind it", () => {
    const { error } = reading([generic("1,1,1", "99,1,1", "2,1,1", "3,1,1")]);
    expect(error.split("\n")).toHaveLength(2);
  });

  test("an error of the text itself comes behind the problems of the rows", () => {
    const { error } = reading([generic("x,1,1", "1,1,1", "1,\0,1")]);
    expect(error.split("\n").map((line) => line.slice(0, 6))).toEqual(["t is n", "t:2:1 ", "t:4:3 "]);
  });

  test("just the limit is not called more", () => {
    const { error } = reading([generic("x,1,1", "x,1,1")], { errorLimit: 2 });
    expect([error.split("\n").length, error.includes("more")]).toEqual([3, false]);
  });

  test("reading stops once there are more than the limit", () => {
    let chunks = 0;
    function* broken() {
      yield GENERIC;
      for (; chunks < 1_000_000; chunks++) yield "x,1,1\n";
    }
    const { error } = reading(broken());
    expect(error).toContain("these are the first 20 problems, and there are more");
    expect([error.split("\n").length, chunks]).toEqual([21, 20]);
  });
});

describe("detectFormat", () => {
  test("tells the known formats", () => {
    const isTold = (error: string) => (name: string) => error.includes(`\n  ${name}: `);
    const names = TRACE_FORMATS.map(({ name }) => name);
    const tables = TRACE_FORMATS.filter(({ firstLine }) => !/^[[{]/.test(firstLine)).map(({ name }) => name);
    expect(names.filter(isTold(reading(['{"when": 1}\n']).error))).toEqual(names);
    expect(names.filter(isTold(reading(["when,what\n"]).error))).toEqual(tables);
  });

  test("refuses a line that two formats claim", () => {
    const first = formatNamed("azure-llm")!;
    const messages: string[] = [];
    const twin = { ...first, name: "twin" };
    const found = detectFormat(first.firstLine, (_column, _field, message) => messages.push(message), [
      first,
      twin,
    ]);
    expect([found, ...messages]).toEqual([
      undefined,
      "the first line fits more than one format: azure-llm, twin",
    ]);
  });
});
