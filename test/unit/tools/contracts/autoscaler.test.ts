import { expect, it } from "vitest";
import { AUTOSCALER_LAWS } from "../../../../src/core/tools/contracts/autoscaler.js";
import { brokenLaws } from "../../../../src/core/tools/contracts/law.js";

const broken = (recommend: (queued: number) => number | undefined) =>
  brokenLaws(
    AUTOSCALER_LAWS,
    () => ({ looksBack: 0, recommend: ({ latest }) => recommend(latest.queued) }),
    20,
  );

it("laws of autoscalers are kept by one that goes by the queue, and broken by others, each by its own", () => {
  expect(broken((queued) => queued / 10)).toEqual([]);
  expect(broken((queued) => queued - 3)).toEqual(["wants a number of replicas from 0 up, or says nothing"]);
  expect(broken(() => undefined)).toEqual(["wants a replica where requests wait and there is none"]);
  let calls = 0;
  expect(broken((queued) => queued + (calls++ % 7))).toEqual(["LAW-4: says the same of the same samples"]);
});
