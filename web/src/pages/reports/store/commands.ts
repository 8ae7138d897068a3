// SPDX-License-Identifier: Apache-2.0
import { ApiError, isUnsettled } from "#/api/http";
import { newKey } from "#/transport/newKey";
import { type Failure, withAsked, withFailure } from "../model/asked";
import { type Action, type Status, targetOf } from "../model/status";
import { tellBulk, tellCreated, tellRefusal } from "../texts/tell";
import { type ReportsStore, takeAnswer, useReports } from "./reports";
import { patchReport, postReport, readReport } from "./server";

/** Creates a report; after a failure it is the same one that is tried again. */
export async function createReport(): Promise<void> {
  const { user, creation } = useReports.getState();
  if (user === null || creation.state === "sending") {
    return;
  }
  const key = creation.state === "failed" ? creation.key : newKey();
  useReports.setState({ creation: { state: "sending", key } });
  try {
    const whole = await postReport(user, key);
    takeAnswer(user, whole);
    setFor(user, { creation: { state: "idle" }, mine: whole.id });
    tellCreated(whole.id);
  } catch (error) {
    setFor(user, { creation: { state: "failed", key, failure: failureOf(error) } });
  }
}

/** What became of a creation is of no use to another user, whose reports may be shown by now. */
function setFor(user: string, outcome: Partial<Pick<ReportsStore, "creation" | "mine">>): void {
  if (useReports.getState().user === user) {
    useReports.setState(outcome);
  }
}

export function giveUpCreation(): void {
  useReports.setState({ creation: { state: "idle" } });
}

/** Moves a report, and says in a toast why it was not, unless that stands where it was asked for (`asked`). */
export async function moveReport(id: string, to: Status, explained: "toast" | "in place" = "toast"): Promise<void> {
  const failure = await ask(id, to);
  const isInPlace = explained === "in place" && useReports.getState().asked.has(id);
  if (failure && !isInPlace) {
    tellRefusal(id, to, failure, useReports.getState().reports.get(id)?.status ?? null);
  }
}

/** So many requests at a time; the server takes them in any order. */
const atOnce = 4;

/** Cancels or retries many, and tells once how it went. */
export async function moveAll(ids: readonly string[], action: Action): Promise<void> {
  const left = [...ids];
  let refused = 0;
  const work = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      refused += (await ask(id, targetOf[action])) ? 1 : 0;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  tellBulk(action, ids.length - refused, refused);
}

/** Asks for a move and answers why it failed, if it did. Nothing is shown as done until the server says so. */
async function ask(id: string, to: Status): Promise<Failure | null> {
  const { user, reports, asked } = useReports.getState();
  const report = reports.get(id);
  const open = asked.get(id);
  if (user === null || !report || (open && !open.failure)) {
    return null;
  }
  useReports.setState({ asked: withAsked(asked, id, { to, version: report.version, failure: null }) });
  try {
    takeAnswer(user, await patchReport(user, id, to));
    return null;
  } catch (error) {
    const failure = failureOf(error);
    useReports.setState((store) => ({ asked: withFailure(store.asked, id, failure) }));
    if (!isUnsettled(error)) {
      await lookAgain(user, id);
    }
    return failure;
  }
}

/** After a refusal: the report is not what it looked like here. */
async function lookAgain(user: string, id: string): Promise<void> {
  try {
    takeAnswer(user, await readReport(user, id));
  } catch {
    // The stream brings it as well.
  }
}

function failureOf(error: unknown): Failure {
  return error instanceof ApiError
    ? { code: error.code, detail: error.detail }
    : { code: "unknown", detail: String(error) };
}
