import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { bundleModule } from "../../../../src/node/code/bundle.js";

it.skipIf(process.platform === "win32")("takes no device for a module, which may have no end", () => {
  expect(bundleModule("/dev/null", "/")).toEqual({
    ok: false,
    issues: [expect.objectContaining({ message: "/dev/null: a device or a pipe, and no file" })],
  });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "surgefleet-bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

it.each(["./mine.ts/other.ts", `./${"long".repeat(100)}.ts`])(
  "says of what cannot be looked at: %s",
  (name) => {
    const folder = newFolder();
    writeFileSync(join(folder, "mine.ts"), "export default 1;");
    const bundled = bundleModule(name, folder);
    const said = expect.objectContaining({ message: expect.stringContaining(`${name}: `) });
    expect(bundled).toEqual({ ok: false, issues: expect.arrayContaining([said]) });
  },
);

it("takes a file with or without its ending, and a folder", () => {
  const folder = newFolder();
  for (const name of ["mine.ts", "index.ts"]) writeFileSync(join(folder, name), "export default 1;");
  expect(["./mine.ts", "./mine", "."].map((name) => bundleModule(name, folder).ok)).toEqual([
    true,
    true,
    true,
  ]);
});
