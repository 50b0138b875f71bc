import { expect, it } from "vitest";
import { Role, Roles } from "../../../../src/core/server/fleet/roles.js";

it("remembers what each instance is for; those of which nothing was said serve", () => {
  const roles = new Roles();
  roles.set(3, Role.leaves);
  roles.set(1000, Role.standsBy);
  expect([roles.of(0), roles.of(3), roles.of(1000)]).toEqual([Role.serves, Role.leaves, Role.standsBy]);
});
