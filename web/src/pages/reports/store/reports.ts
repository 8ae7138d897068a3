// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { type Failure, type PendingMoves, stillPending } from "../model/pendingMoves";
import { applyAnswer, type Reports } from "../model/reduce";
import type { FullReport } from "../model/report";
import { announceChanges } from "../texts/notify";

/** A report that is being created here. Retries have the same key, so that one click never creates two reports. */
export type Creation =
  | { state: "idle" }
  | { state: "sending"; key: string }
  | { state: "failed"; key: string; failure: Failure };

export interface ReportsStore {
  /** Whose reports these are. */
  user: string | null;
  /** The confirmed reports. */
  reports: Reports;
  /** The list has been read. */
  ready: boolean;
  /** Why it could not be read; it is retried automatically. */
  error: unknown;
  /** Moves requested here and not confirmed: an overlay on `reports`. */
  pendingMoves: PendingMoves;
  creation: Creation;
  /** The last report that was created here. */
  createdHere: string | null;
}

const initialState: ReportsStore = {
  user: null,
  reports: new Map(),
  ready: false,
  error: null,
  pendingMoves: new Map(),
  creation: { state: "idle" },
  createdHere: null,
};

export const useReports = create<ReportsStore>()(() => initialState);

/** Switches to a user: another user's reports are dropped, the same user's stay until the new list has come. */
export function showUser(user: string): void {
  if (useReports.getState().user !== user) {
    useReports.setState({ ...initialState, user });
  }
}

/** Stores the reports, and ends the pending moves that they decide. */
export function storeReports(reports: Reports): void {
  useReports.setState(({ pendingMoves }) => ({ reports, pendingMoves: stillPending(pendingMoves, reports) }));
}

/** The same, and announces changed states. */
export function storeAndAnnounce(reports: Reports, ids: Iterable<string>): void {
  const before = useReports.getState().reports;
  storeReports(reports);
  announceChanges(before, reports, ids);
}

/** Stores a response about one report, unless another user's reports are shown by now. */
export function storeAnswer(user: string, whole: FullReport): void {
  const { user: shown, reports } = useReports.getState();
  if (shown === user) {
    storeAndAnnounce(applyAnswer(reports, whole), [whole.id]);
  }
}
