// Columns and keys under other names, and those that are left out, in every form that a file may have.
import { describe, expect, test } from "vitest";
import { FieldNames, isLeftOut, ROW_FACTS } from "../../../../src/core/demand/trace/field-names.js";
import { emptyDraft } from "../../../../src/core/demand/trace/format.js";
import { type ReadTraceOptions, readTrace } from "../../../../src/core/demand/trace/read-trace.js";
import { newTraceReport } from "../../../../src/core/demand/trace/report.js";
import { told } from "./told.js";
import { GENERIC, reading } from "./traces.js";

const names = { timestamp: "ts", input_tokens: "prompt,len", output_tokens: "gen" };
const csv = 'ts,"prompt,len",gen,model\n0,5,2,x\n1,6,2,x\n';
const json = '{"ts":0,"prompt,len":5,"gen":2,"model":"x"}\n{"ts":1,"prompt,len":6,"gen":2,"model":"x"}\n';
const list = `[${json.trim().replace("\n", ",")}]`;

describe.each([
  ["CSV", csv],
  ["JSON lines", json],
  ["a JSON list", list],
])("%s", (_, text) => {
  const inputs = (options: Omit<ReadTraceOptions, "file">) => {
    const { rows, error } = reading([text], options);
    return [error, rows.map(({ inputTokens, model }) => [inputTokens, model])];
  };

  test("under names of its own is a format's where they are given", () => {
    expect(inputs({})[0]).toContain("no known trace format");
    expect(inputs({ columns: names })).toEqual([
      "",
      [
        [5, "x"],
        [6, "x"],
      ],
    ]);
  });

  test.each([["model"], ["Model"]])("is read without %s where that is left out", (ignored) => {
    expect(inputs({ columns: names, ignore: [ignored] })).toEqual([
      "",
      [
        [5, ""],
        [6, ""],
      ],
    ]);
  });
});

test("every value stays as it stands: ids keep their digits", () => {
  const moon = (id: string) => `{"at":1,"session_id":${id},"input_length":5,"output_length":1}\n`;
  const text = moon("9007199254740993") + moon("9007199254740992");
  const { rows } = reading([text], { format: "mooncake", columns: { timestamp: "at" } });
  expect(rows.map(({ session }) => session)).toEqual(["9007199254740993", "9007199254740992"]);
});

test("parts of rows are left out whatever the file calls them", () => {
  const text = "Timestamp,Model,Session ID,Request tokens,Response tokens\n0,m,s,5,5\n";
  expect(reading([text], { ignore: ["model", "session"] }).rows[0]).toMatchObject({ model: "", session: "" });
  const draft = {
    ...emptyDraft(),
    account: "a",
    session: "s",
    model: "m",
    tier: "t",
    cachedTokens: 3,
    blocks: [1],
  };
  new FieldNames({}, ROW_FACTS).strip(draft);
  expect(draft).toEqual({ ...emptyDraft(), tier: "" });
});

test("a name that the file does not have is told", () => {
  const text = `${GENERIC}0,5,2\n`;
  expect(reading([text], { ignore: ["inputtokens"] }).error).toContain(
    "there is no column inputtokens (did you mean input_tokens?), which columns or ignore names",
  );
  expect(reading([text], { columns: { model: "llm" } }).error).toContain("there is no column llm");
  const report = newTraceReport();
  const line = '{"timestamp":0,"input_tokens":5,"output_tokens":2}\n';
  expect([...readTrace([line], { file: "t", ignore: ["nope"] }, report)]).toHaveLength(1);
  expect(told(report)).toEqual({ "ignored: nope": 0 });
});

test("a column that another one stands for is left out, and told", () => {
  const report = newTraceReport();
  const text = "timestamp,input_tokens,output_tokens,real\n0,5,2,7\n";
  const [row] = [...readTrace([text], { file: "t", columns: { input_tokens: "real" } }, report)];
  expect([row?.inputTokens, told(report)]).toEqual([7, { "ignored: input_tokens (replaced)": 1 }]);
});

test("columns that are left out have a name that no format knows", () => {
  const columns = new FieldNames({}, ["b"]).columns(["a", "B", "c"]);
  expect(columns.map(isLeftOut)).toEqual([false, true, false]);
  expect(new FieldNames().isPlain).toBe(true);
});
