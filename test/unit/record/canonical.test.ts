// What the record calls a difference: digits, always; wording and order, never.
import { expect, test } from "vitest";
import { facetsOf, oldName } from "../../record/canonical.js";

const same = (file: string, one: string, other: string) =>
  expect(facetsOf(file, other)).toEqual(facetsOf(file, one));
const differs = (file: string, one: string, other: string) =>
  expect(facetsOf(file, other)).not.toEqual(facetsOf(file, one));

test("of prose the numbers count, in their order, with their signs", () => {
  same("stdout", "Standard: 12 of 340 shed (3.5 %)", "12 of Standard's 340 were refused: 3.5 %");
  differs("stdout", "12 of 340 shed", "12 of 341 shed");
  differs("stdout", "12 of 340 shed", "340 of 12 shed");
  differs("m.md", "changed by -0.5", "changed by 0.5");
  differs("stdout", "1e-7", "1e-8");
});

test("of JSON, YAML and tables the data count, and neither their order nor their spelling", () => {
  same("a.json", '{"a": 1, "b": [2, "x"]}', '{ "b": [2, "x"], "a": 1.0 }');
  differs("a.json", '{"a": 1}', '{"a": 1.0000001}');
  differs("a.json", '{"a": 1}', '{"a": "1"}');
  differs("a.json", '{"a": [1, 2]}', '{"a": [2, 1]}');
  same("a.json", '{"a": "shed as 1 of 4 was"}', '{"a": "of 1 in 4 so much"}');
  same("a.yaml", "a: 1 # one\nb: 2\n", "b: 2\na: 1\n");
  same("a.csv", "x,y\n1,2\n3,4\n", "y,x\n2,1\n4,3\n");
  differs("a.csv", "x,y\n1,2\n", "x,y\n2,1\n");
  same("stdout", '{"a": 1, "b": 2}', '{"b": 2, "a": 1}');
});

test("of a page count its data, what it shows and what it draws", () => {
  const page = (data: string, text: string, x: string) =>
    `<head><style>p{x:9}</style></head><script type="application/json" id="r">${data}</script><p class="c7">${text}</p>` +
    `<svg><rect x="${x}"/></svg><script>var a = 5;</script>`;
  const plain = page('{"a":1}', "3 shed", "4");
  same("r.html", plain, page('{ "a": 1 }', "shed: 3", "4"));
  differs("r.html", plain, page('{"a":2}', "3 shed", "4"));
  differs("r.html", plain, page('{"a":1}', "2 shed", "4"));
  differs("r.html", plain, page('{"a":1}', "3 shed", "5"));
});

test("versions, hashes, sizes of files and wall times do not count", () => {
  const hash = (digit: string) => digit.repeat(64);
  same("a.json", `{"surgefleet": "1.0.0", "sha256": "${hash("a")}", "bytes": 3}`, "{}");
  same("stdout", "8 seeds, 0.3 s", "8 seeds, 1.2 s");
  differs("stdout", "8 seeds, 0.3 s", "9 seeds, 0.3 s");
  same("j.xml", '<case time="0.3"/>', '<case time="1.3"/>');
  same("stdout", `hash ${hash("1")}`, `hash ${hash("2")}`);
});

test("a new name is what it was, wherever it stands, and no part of another", () => {
  const renames = new Map([["workload", "profile"]]);
  expect(oldName("workload", renames)).toBe("profile");
  expect(oldName("workload_cost{workload:agents} p(99)", renames)).toBe(
    "workload_cost{profile:agents} p(99)",
  );
});

test("what has been added since is left out: keys, columns, and rows about it", () => {
  same("a.json", '{"a": [1]}', '{"a": [1, {"metric": "timed_out_rate", "mean": 2}], "timedOutRate": 3}');
  same("a.csv", "x\n1\n", "x,timed_out_rate\n1,5\n");
  same("a.csv", "metric,mean\nttft,1\n", "metric,mean\nttft,1\ntimed_out_rate,2\n");
});

test("a metric that has been added is left out whatever its tags, and what replications say of it", () => {
  const result = (more: boolean) =>
    JSON.stringify({
      estimates: [
        ...(more ? [{ metric: "service_fairness{tier:all}", value: 0.9 }] : []),
        { metric: "cost" },
      ],
      replications: [{ seed: "1", values: more ? [0.9, 7] : [7], weights: more ? [1, 2] : [2] }],
    });
  same("a.json", result(false), result(true));
  differs("a.json", result(false), result(true).replace("7", "8"));
  same("a.csv", "metric,x\ncost,1\n", "metric,x\nservice_fairness{tier:all},5\ncost,1\n");
});
