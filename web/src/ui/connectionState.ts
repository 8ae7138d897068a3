// SPDX-License-Identifier: Apache-2.0
import { unansweredSince, useConnections } from "#/live/connections";
import type { ConnectionState } from "#/transport/types";
import { useSecond } from "./ticker";

/** An answer that takes longer than this, in seconds, is shown as missing. */
const unansweredAfter = 8;

/** `unanswered`: it looks live, but a request is not answered. */
export type ShownState = ConnectionState | "unanswered";

/** For how many seconds a request of this tab has been unanswered; null: none is, or not for long. */
export function useUnansweredSeconds(): number | null {
  const since = useConnections(unansweredSince);
  const now = useSecond();
  const seconds = since === null ? 0 : Math.floor((now - since) / 1000);
  return seconds >= unansweredAfter ? seconds : null;
}

/** The state to show: a more serious one wins over `unanswered`. */
export function shownStateOf(state: ConnectionState, seconds: number | null): ShownState {
  return seconds !== null && ["idle", "connecting", "live"].includes(state) ? "unanswered" : state;
}
