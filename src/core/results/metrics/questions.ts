// What is asked of ways to run a fleet when they are compared: who is shed, what comes out, how long the first token
// takes, who gets how much, what it costs. A metric's row says which question it answers. Knows questions, no metric.

/** In the order in which a comparison has them, each with its title. */
export const QUESTIONS = {
  shed: "Shed",
  goodput: "Goodput",
  wait: "Time to first token",
  fairness: "Fairness between accounts",
  cost: "Cost",
} as const;

export type Question = keyof typeof QUESTIONS;

export const QUESTION_NAMES = Object.keys(QUESTIONS) as Question[];
