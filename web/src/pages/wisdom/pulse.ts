// SPDX-License-Identifier: Apache-2.0
import type { Wisdom } from "./session";

/** An answer that takes longer than this, in ms, is late. */
const lateAfter = 8000;
/** After this, in ms, two heartbeats are unanswered. */
const lostAfter = 12_000;

/**
 * The health of the server:
 *
 *   none   nothing received in this visit, and nothing requested
 *   well   it answers
 *   late   a request is unanswered
 *   lost   two heartbeats are unanswered, or the connection was lost that long ago
 */
export type Pulse = "none" | "well" | "late" | "lost";

export function pulseOf(
  { lastActivityAt, unansweredSince }: Pick<Wisdom, "lastActivityAt" | "unansweredSince">,
  now: number,
): Pulse {
  if (unansweredSince === null) {
    return lastActivityAt === null ? "none" : "well";
  }
  const age = now - unansweredSince;
  return age < lateAfter ? "well" : age < lostAfter ? "late" : "lost";
}
