import { expect, it } from "vitest";
import type { Duration } from "../../../../src/core/base/units.js";
import type { Client } from "../../../../src/core/demand/clients/client.js";
import { CLIENTS, createClient } from "../../../../src/core/demand/clients/registry.js";
import { CLIENT_LAWS } from "../../../../src/core/tools/contracts/client.js";
import { brokenLaws } from "../../../../src/core/tools/contracts/law.js";

const broken = (retryIn: (status: number, tries: number) => number | undefined) =>
  brokenLaws(
    CLIENT_LAWS,
    () => {
      const made = createClient("naive", {});
      const retryDelay: Client["retryDelay"] = ({ status }, tries) => {
        const wait = retryIn(status, tries);
        if (wait !== undefined) Object.assign(made, { nextTries: tries + 1 });
        return wait as Duration | undefined;
      };
      return Object.assign(made, { retryDelay });
    },
    20,
  );

it("laws of clients are kept by those that ship", () => {
  for (const { name } of CLIENTS) {
    expect([name, brokenLaws(CLIENT_LAWS, () => createClient(name, {}), 20)]).toEqual([name, []]);
  }
});

it("laws of clients are broken by others, each by its own", () => {
  const again = (status: number) => status === 0 || status >= 429;
  expect(broken((status, tries) => (again(status) && tries < 3 ? 5 : undefined))).toEqual([]);
  expect(broken((status) => (again(status) ? 5 : undefined))).toEqual(["gives up in the end"]);
  expect(broken((status, tries) => (again(status) && tries < 3 ? 0.5 : undefined))).toEqual([
    "waits whole microseconds from 0 up",
  ]);
  expect(broken((_, tries) => (tries < 3 ? 5 : undefined))).toEqual([
    "takes a request that was wrong for an answer: 400 and 404",
  ]);
  let calls = 0;
  expect(broken((status, tries) => (again(status) && tries < 3 ? ++calls : undefined))).toEqual([
    "LAW-4: waits the same on the same chance",
    "keeps nothing of one caller for another",
  ]);
});
