// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { type AllAsked, type Failure, stillAsked } from "../model/asked";
import { applyAnswer, type Reports } from "../model/reduce";
import type { WholeReport } from "../model/report";
import { tellChanges } from "../texts/tell";

/** A report that is being created here. The key is kept through retries, so that one press never makes two reports. */
export type Creation =
  | { state: "idle" }
  | { state: "sending"; key: string }
  | { state: "failed"; key: string; failure: Failure };

export interface ReportsStore {
  /** Whose reports these are. */
  user: string | null;
  /** What the server has confirmed. */
  reports: Reports;
  /** The list has been read. */
  ready: boolean;
  /** Why it could not be read; it is tried again by itself. */
  trouble: unknown;
  /** What was asked for here and is not confirmed: an overlay on `reports`. */
  asked: AllAsked;
  creation: Creation;
  /** The report that was created here last. */
  mine: string | null;
}

const nobody: ReportsStore = {
  user: null,
  reports: new Map(),
  ready: false,
  trouble: null,
  asked: new Map(),
  creation: { state: "idle" },
  mine: null,
};

export const useReports = create<ReportsStore>()(() => nobody);

/** The reports of one user; those of the one before go, those of the same one stay until the new list is there. */
export function showUser(user: string): void {
  if (useReports.getState().user !== user) {
    useReports.setState({ ...nobody, user });
  }
}

/** Shows the reports as they are now, and settles what was asked for. */
export function show(reports: Reports): void {
  useReports.setState(({ asked }) => ({ reports, asked: stillAsked(asked, reports) }));
}

/** The same, and what has moved is read out. */
export function showNews(reports: Reports, ids: Iterable<string>): void {
  const before = useReports.getState().reports;
  show(reports);
  tellChanges(before, reports, ids);
}

/** Takes the server's answer about one report, unless another user's reports are shown by now. */
export function takeAnswer(user: string, whole: WholeReport): void {
  const { user: shown, reports } = useReports.getState();
  if (shown === user) {
    showNews(applyAnswer(reports, whole), [whole.id]);
  }
}
