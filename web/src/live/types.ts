// SPDX-License-Identifier: Apache-2.0

/** An event of a topic, as the tab's stream brings it (docs/API.md, "Follow as SSE", envelope=json). */
export interface LiveEvent {
  topic: string;
  epoch: string;
  offset: number;
  type: string;
  /** When the server took it: ms since 1970 on the server's clock. */
  time: number;
  data: string;
  /** The stream's cursor after this event; grows in the order of the node's log. */
  cursor: Cursor;
}

/** A cursor of the server: `epoch.sequence` of the durable and of the volatile lane. */
export interface Cursor {
  durableEpoch: string;
  durable: number;
  volatileEpoch: string;
  volatile: number;
}

/** A consumer of a topic. */
export interface Follower {
  topic: string;
  /**
   * Reads a snapshot into the page's store and returns its cursor (`Howl-Cursor`), after which events complete it; null: from
   * now on. Called at the start and after every reset. An error is retried with back-off; the store may show the first.
   */
  snapshot?: (signal: AbortSignal) => Promise<string | null>;
  /** New events in order, each once; all that came since the last frame in one call. */
  onEvents: (events: readonly LiveEvent[]) => void;
}
