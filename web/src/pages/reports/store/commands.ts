// SPDX-License-Identifier: Apache-2.0
import { ApiError, isUnsettled } from "#/api/http";
import { newKey } from "#/transport/newKey";
import { type Failure, withFailure, withPending } from "../model/pendingMoves";
import { type Action, type Status, targetOf } from "../model/status";
import { announceCreated, notifyBulk, notifyCanceled, notifyRefusal } from "../texts/notify";
import { type ReportsStore, storeAnswer, useReports } from "./reports";
import { patchReport, postReport, readReport } from "./server";

/** Creates a report; after a failure the same request is retried. */
export async function createReport(): Promise<void> {
  const { user, creation } = useReports.getState();
  if (user === null || creation.state === "sending") {
    return;
  }
  const key = creation.state === "failed" ? creation.key : newKey();
  useReports.setState({ creation: { state: "sending", key } });
  try {
    const whole = await postReport(user, key);
    storeAnswer(user, whole);
    setFor(user, { creation: { state: "idle" }, createdHere: whole.id });
    announceCreated(whole.id);
  } catch (error) {
    setFor(user, { creation: { state: "failed", key, failure: failureOf(error) } });
  }
}

/** Stores the outcome of a creation, unless another user's reports are shown by now. */
function setFor(user: string, outcome: Partial<Pick<ReportsStore, "creation" | "createdHere">>): void {
  if (useReports.getState().user === user) {
    useReports.setState(outcome);
  }
}

export function dismissCreation(): void {
  useReports.setState({ creation: { state: "idle" } });
}

/**
 * Moves a report, and shows a refusal in a toast, unless it is shown in place (`pendingMoves`). A cancel is sent at once, since a
 * worker may be faster, and can be undone by a retry.
 */
export async function moveReport(id: string, to: Status, explained: "toast" | "in place" = "toast"): Promise<void> {
  const outcome = await requestMove(id, to);
  if (outcome === "moved") {
    if (to === targetOf.cancel) {
      notifyCanceled(id, () => void moveReport(id, targetOf.retry));
    }
    return;
  }
  const isInPlace = explained === "in place" && useReports.getState().pendingMoves.has(id);
  if (outcome !== "not sent" && !isInPlace) {
    notifyRefusal(id, to, outcome, useReports.getState().reports.get(id)?.status ?? null);
  }
}

/** Requests in flight; the server accepts them in any order. */
const concurrency = 4;

/** Cancels or retries many, and shows the outcome once. */
export async function moveAll(ids: readonly string[], action: Action): Promise<void> {
  const left = [...ids];
  const moved: string[] = [];
  const work = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      if ((await requestMove(id, targetOf[action])) === "moved") {
        moved.push(id);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  notifyBulk(action, moved.length, ids.length, () => void moveAll(moved, "retry"));
}

/** Requests a move and returns its outcome. Nothing is shown as done until the server has confirmed it. */
async function requestMove(id: string, to: Status): Promise<"moved" | "not sent" | Failure> {
  const { user, reports, pendingMoves } = useReports.getState();
  const report = reports.get(id);
  const open = pendingMoves.get(id);
  if (user === null || !report || (open && !open.failure)) {
    return "not sent";
  }
  useReports.setState({ pendingMoves: withPending(pendingMoves, id, { to, version: report.version, failure: null }) });
  try {
    storeAnswer(user, await patchReport(user, id, to));
    return useReports.getState().user === user ? "moved" : "not sent";
  } catch (error) {
    const failure = failureOf(error);
    useReports.setState((store) => ({ pendingMoves: withFailure(store.pendingMoves, id, failure) }));
    if (!isUnsettled(error)) {
      await reread(user, id);
    }
    return failure;
  }
}

/** After a refusal: the report's state here is outdated. */
async function reread(user: string, id: string): Promise<void> {
  try {
    storeAnswer(user, await readReport(user, id));
  } catch {
    // The stream brings the report as well.
  }
}

function failureOf(error: unknown): Failure {
  return error instanceof ApiError
    ? { code: error.code, detail: error.detail }
    : { code: "unknown", detail: String(error) };
}
