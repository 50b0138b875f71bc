// One code for account limits and a full fleet alike, with the same headers: a shared API before it told the two apart,
// and many gateways still. All else as Fireworks has it.
import { fireworks } from "./fireworks.js";
import { type Answer, defineProvider } from "./provider.js";

const TOO_MANY: Answer = {
  ...{ status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" },
  retry: "rateLimited",
};

export const legacy429 = defineProvider({
  ...fireworks,
  name: "legacy-429",
  summary: "One 429 for account limits and overload alike, as before the split.",
  answers: { ...fireworks.answers, rate_limited: TOO_MANY, overloaded: TOO_MANY },
  sources: [
    {
      of: "one status and set of headers for both",
      parts: ["rate_limited", "overloaded"],
      from:
        "what callers tell of shared APIs: 429s that were no limit of theirs (anthropics/claude-code 73655, 65277, " +
        "74287)",
      sure: "excerpted",
    },
    { of: "its type and code", parts: ["rate_limited", "overloaded"], from: "as fireworks", sure: "ours" },
    ...fireworks.sources.flatMap(({ parts, ...source }) => {
      const others = parts.filter((part) => part !== "rate_limited" && part !== "overloaded");
      return others.length === 0 ? [] : [{ ...source, parts: others }];
    }),
  ],
});
