import { readFileSync } from "node:fs";
import { describe, expect, expectTypeOf, it } from "vitest";
import { buildProfile } from "../../../../src/core/server/profile/build.js";
import { parseProfile } from "../../../../src/core/server/profile/file/parse-profile.js";
import { PROFILE_KINDS, type ProfileFile } from "../../../../src/core/server/profile/kinds.js";
import { MEASURED, ROOFLINE, TABLE } from "./files.js";

const DRAFT = { base: 0.5, perSequence: 0.001, perContextToken: 1e-6, perPrefillToken: 0.001 };
const DRAFTING = { tokens: 3, acceptance: 0.7, draft: DRAFT };
const EXAMPLES: readonly ProfileFile[] = [MEASURED, TABLE, ROOFLINE];

const exampleOf = (kind: string): ProfileFile => EXAMPLES.find((file) => file.kind === kind)!;

describe.each(PROFILE_KINDS.map(({ name }) => name))("a %s profile", (kind) => {
  it("is read from a file as it is written", () => {
    expect(parseProfile(JSON.stringify(exampleOf(kind)), "file")).toEqual(exampleOf(kind));
  });

  it("takes longer the more there is to do, and longer still where it drafts", () => {
    const plain = buildProfile(exampleOf(kind));
    const drafting = buildProfile({ ...exampleOf(kind), speculative: DRAFTING });
    for (const profile of [plain, drafting]) {
      expect(profile.base(64, 0)).toBeGreaterThanOrEqual(profile.base(1, 0));
      expect(profile.base(8, 512)).toBeGreaterThanOrEqual(profile.base(8, 0));
      expect(profile.slope(8)).toBeGreaterThan(0);
    }
    expect(drafting.base(8, 0)).toBeGreaterThan(plain.base(8, 0) + 3 * 500);
    expect([plain.tokensPerSequence, drafting.tokensPerSequence]).toEqual([1, 4]);
  });

  it("is in docs/profiles.md", () => {
    const text = readFileSync(new URL("../../../../docs/profiles.md", import.meta.url), "utf8");
    const [, row] = /^\| `kind` \|(.*)$/m.exec(text)!;
    expect(row).toContain(`\`${kind}\``);
  });
});

it("every profile that docs/profiles.md writes out is one", () => {
  const text = readFileSync(new URL("../../../../docs/profiles.md", import.meta.url), "utf8");
  const blocks = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, block]) => block!);
  const profiles = blocks.filter((block) => block.includes('"schemaVersion"'));
  expect(profiles.length).toBeGreaterThan(1);
  for (const profile of profiles)
    expect(buildProfile(parseProfile(profile, "docs")).base(8, 0)).toBeGreaterThan(0);
});

it("the types tell the kinds apart", () => {
  expectTypeOf<ProfileFile["kind"]>().toEqualTypeOf<"measured" | "table" | "roofline">();
  expectTypeOf<Extract<ProfileFile, { kind: "roofline" }>["estimate"]>().toEqualTypeOf<true>();
});
