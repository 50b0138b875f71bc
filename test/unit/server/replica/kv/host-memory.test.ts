import { expect, test } from "vitest";
import { HostMemory, type HostUse } from "../../../../../src/core/server/replica/kv/host-memory.js";

const sequence = (): HostUse => ({ prefilled: 0, found: 0, offloaded: 0, loading: 0 });

test("whole blocks of a sequence are kept, without its last token, until there is no room for all of them", () => {
  const host = new HostMemory(100, 16);
  const [one, other] = [sequence(), sequence()];
  expect([host.keep(one, 65), host.used]).toEqual([64, 64]);
  // 48 more are too many; 32 are not.
  expect([host.keep(other, 49), host.used, other.offloaded]).toEqual([0, 64, 0]);
  expect([host.keep(other, 48), host.used]).toEqual([32, 96]);
  expect(host.keep(sequence(), 0)).toBe(0);
  host.drop(one);
  expect([host.used, one.offloaded]).toEqual([32, 0]);
});

test("what comes back is what is not there yet, and makes room in the host", () => {
  const host = new HostMemory(100, 16);
  const [one, other] = [sequence(), sequence()];
  host.keep(one, 65);
  one.prefilled = 16;
  host.bringBack(one);
  expect(one).toEqual({ prefilled: 64, found: 64, offloaded: 0, loading: 48 });
  expect(host.used).toBe(0);
  host.keep(other, 33);
  other.prefilled = 48;
  host.bringBack(other);
  expect(other).toEqual({ prefilled: 48, found: 48, offloaded: 0, loading: 0 });
});
