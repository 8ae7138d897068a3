// SPDX-License-Identifier: Apache-2.0

/** Messages from a tab to the hub. `stream` identifies one opened stream, unique over all tabs. */
export type ToHub =
  /** Is there a hub? */
  | { kind: "who" }
  | { kind: "open"; stream: string; url: string }
  | { kind: "close"; stream: string }
  /** The answer to a heartbeat: this tab is alive. */
  | { kind: "here"; stream: string };

/** Messages from the hub to a tab. */
export type ToTab =
  /** A hub has started and has no streams yet: tabs have to open theirs (again). */
  | { kind: "hello" }
  | { kind: "open"; stream: string }
  | { kind: "event"; stream: string; name: string; data: string; id: string }
  /** The stream was lost. `refused`: the response was no event stream (an EventSource that closed by itself). */
  | { kind: "error"; stream: string; refused: boolean };

/** The `event:` names of a page's stream (docs/API.md, "Follow as SSE"); `message` are events without one. */
export const eventNames = ["message", "reset", "hb", "drain"] as const;

/** The URL of the event stream for these topics. */
export function eventsUrl(topics: Iterable<string>, from: string | null): string {
  const query = new URLSearchParams([...topics].sort().map((topic) => ["topic", topic]));
  query.set("envelope", "json");
  if (from !== null) {
    query.set("lastEventId", from);
  }
  return `/api/events?${query}`;
}
