import { describe, expect, it } from "vitest";
import {
  GPU_NAMES,
  gpuSheet,
  linkSheet,
  MODEL_NAMES,
  modelShape,
} from "../../../../src/core/server/profile/catalogue.js";
import { LINK_NAMES } from "../../../../src/core/server/profile/file/hardware-keys.js";
import { parseProfile } from "../../../../src/core/server/profile/file/parse-profile.js";
import { ROOFLINE } from "./files.js";

describe("the catalogue", () => {
  it.each(MODEL_NAMES)("has a shape of %s that a user could have written", (name) => {
    const text = JSON.stringify({ ...ROOFLINE, model: modelShape(name) });
    expect(() => parseProfile(text, "shape.json")).not.toThrow();
  });

  it.each(GPU_NAMES)("has a datasheet of %s that a user could have written", (name) => {
    const text = JSON.stringify({ ...ROOFLINE, gpu: gpuSheet(name) });
    expect(() => parseProfile(text, "sheet.json")).not.toThrow();
  });

  it.each(LINK_NAMES)("has a link %s that a user could have written, dated or an assumption", (name) => {
    const link = linkSheet(name);
    const text = JSON.stringify({ ...ROOFLINE, gpu: { ...gpuSheet("h100"), link } });
    expect(() => parseProfile(text, "link.json")).not.toThrow();
    expect(link.source).toMatch(/20\d\d|assumption|as pcie4-host/);
  });

  it("takes a rate alone for that of a link which is else as NVLink 4", () => {
    expect(linkSheet(450)).toEqual(linkSheet("nvlink4"));
    expect(linkSheet(100)).toEqual({ ...linkSheet("nvlink4"), bandwidth: 100 });
  });

  it("gives back a shape or a sheet that is given whole", () => {
    expect(modelShape(ROOFLINE.model)).toBe(ROOFLINE.model);
    expect(gpuSheet(ROOFLINE.gpu)).toBe(ROOFLINE.gpu);
  });

  it("says what was meant by a name that it does not have", () => {
    expect(() => modelShape("llama-3.1-9b")).toThrow(
      'no model is named "llama-3.1-9b"; did you mean "llama-3.1-8b"?',
    );
    expect(() => gpuSheet("tpu-v7x")).toThrow("no GPU is named");
    expect(() => linkSheet("nvlink44")).toThrow('did you mean "nvlink4"?');
  });
});
