// SPDX-License-Identifier: Apache-2.0
import type { Wisdom } from "./session";

/** Quotes come this often. */
const quoteInterval = 10_000;
/** Silence that is longer than between two quotes. */
const silence = 12_000;

/**
 * How alive the line is. Only a subscriber hears from the server regularly, so only then does silence mean anything:
 *
 *   none   nothing regular is to be expected
 *   well   it has spoken lately
 *   late   a quote has not come; time to ask whether anybody is there, by subscribing once more
 *   lost   two quotes have not come, and no answer either
 */
export type Pulse = "none" | "well" | "late" | "lost";

export function pulseOf({ phase, lastHeardAt }: Pick<Wisdom, "phase" | "lastHeardAt">, now: number): Pulse {
  if (phase !== "subscribed" || lastHeardAt === null) {
    return "none";
  }
  const age = now - lastHeardAt;
  return age < silence ? "well" : age < silence + quoteInterval ? "late" : "lost";
}
