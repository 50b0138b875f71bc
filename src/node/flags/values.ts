// How the values of flags are read: each a parser that commander calls, which tells what would have been right. Knows
// no command and no flag.
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { type Duration, SurgefleetError } from "../../core/index.js";

type Parser<Value> = (text: string) => Value;

const SECOND = 1e6;
const UNITS: Readonly<Record<string, number>> = {
  ms: SECOND / 1000,
  s: SECOND,
  m: 60 * SECOND,
  h: 3600 * SECOND,
  d: 86_400 * SECOND,
};

/** For a flag that may be given again. */
export function each<Value>(parse: Parser<Value>) {
  return (text: string, previous: readonly Value[] = []): readonly Value[] => [...previous, parse(text)];
}

/** Reads by a function of the library, whose complaint becomes that about the flag. */
export function by<Value>(read: Parser<Value>): Parser<Value> {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof SurgefleetError)) throw error;
      const { message } = error;
      throw new InvalidArgumentError(message.endsWith("?") ? message : `${message}.`);
    }
  };
}

/** Any text but none at all, which is what an unset variable of a shell leaves. */
export function text(what: string): Parser<string> {
  return (given) => given || wrong(`Write ${what}.`);
}

/** From 1 up, also as 1e6; `also` names what else it could have been. */
export function wholeNumber(most: number, also = ""): Parser<number> {
  return (given) => {
    const value = /^\d{1,15}(e\d)?$/i.test(given) ? Number(given) : 0;
    return value >= 1 && value <= most ? value : wrong(`Write a whole number from 1 to ${most}${also}.`);
  };
}

export function numberAbove0(given: string): number {
  const value = given.trim() === "" ? Number.NaN : Number(given);
  return value > 0 && Number.isFinite(value) ? value : wrong("Write a number above 0.");
}

/** Which shares make sense; above 100 % only what is written in percent. */
interface ShareBounds {
  readonly isInside: (value: number) => boolean;
  readonly expected: string;
}

/** "10%" or 0.1. */
export function share({ isInside, expected }: ShareBounds): Parser<number> {
  return (given) => {
    const [, digits, percent] = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(given.trim()) ?? [];
    const value = digits === undefined ? Number.NaN : Number(digits) / (percent === "%" ? 100 : 1);
    const isShare = percent === "%" || value <= 1;
    return isShare && isInside(value) ? value : wrong(`Write ${expected}.`);
  };
}

/** A part of something. */
export const partOf: Parser<number> = share({
  isInside: (value) => value > 0 && value <= 1,
  expected: "a share up to 100%, such as 10% or 0.1",
});

/** Neither nothing nor all of it. */
export const properShare: Parser<number> = share({
  isInside: (value) => value > 0 && value < 1,
  expected: "a share between 0 and 100%, such as 2% or 0.02",
});

/** A time such as 90s, 10m or 2h, in whole microseconds. */
export function time(given: string): Duration {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(given.trim()) ?? [];
  const micros = Math.round(Number(number) * (UNITS[unit] ?? Number.NaN));
  return Number.isSafeInteger(micros)
    ? (micros as Duration)
    : wrong("Write a time such as 250ms, 90s, 10m, 2h or 1d.");
}

/** One of the names, which are asked for only where the flag is given. */
export function oneOf(names: () => readonly string[]): Parser<string> {
  return (given) => {
    const known = names();
    return known.includes(given) ? given : wrong(`There are ${known.join(", ")}.`);
  };
}

/** Refuses the value: commander names the flag. */
export function wrong(message: string): never {
  throw new InvalidArgumentError(message);
}
