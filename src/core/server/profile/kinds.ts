// Every kind of profile that a file may be of. A new one is a file with its definition and one line here.
import type * as z from "zod";
import { oneOf } from "../../document/definition.js";
import { head } from "./file/profile-keys.js";
import { measured } from "./measured.js";
import { roofline } from "./roofline.js";
import { table } from "./table.js";

export const PROFILE_KINDS = [measured, table, roofline] as const;

/** The profile file, version 1. */
export const profileFile = oneOf("kind", PROFILE_KINDS, head).meta({ id: "profile" });

/** A profile as its file says it. */
export type ProfileFile = z.output<typeof profileFile>;
