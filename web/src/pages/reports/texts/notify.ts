// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { plural, t } from "@lingui/core/macro";
import { describeError } from "#/i18n/errors";
import { announce } from "#/ui/announcer";
import { toast } from "#/ui/toast";
import type { Failure } from "../model/pendingMoves";
import type { Reports } from "../model/reduce";
import type { Action, Status } from "../model/status";
import { shortOf, statusStyles } from "./statusStyles";

/** Announces, once each, which of these reports have changed state. New reports are not announced here. */
export function announceChanges(before: Reports, after: Reports, ids: Iterable<string>): void {
  for (const id of ids) {
    const was = before.get(id);
    const is = after.get(id);
    if (was && is && is.version > was.version) {
      const short = shortOf(id);
      const word = i18n._(statusStyles[is.status].label);
      announce(t`Report ${short}: ${word}`);
    }
  }
}

export function announceCreated(id: string): void {
  const short = shortOf(id);
  announce(t`Report ${short} created`);
}

/** Shows why a move was refused: by the report's state, where that is the reason. */
export function notifyRefusal(id: string, to: Status, failure: Failure, now: Status | null): void {
  const text = failure.code === "illegal_state" && now ? refusalOf(id, to, now) : failedMove(id, failure);
  toast({ tone: "bad", text, details: detailsOf(id, to, failure) });
}

function refusalOf(id: string, to: Status, now: Status): string {
  const short = shortOf(id);
  const word = i18n._(statusStyles[now].label);
  const target = i18n._(statusStyles[to].label);
  switch (to) {
    case "canceled":
      return t`Report ${short} can no longer be canceled: it is “${word}” by now.`;
    case "pending":
      return t`Report ${short} cannot be retried: it is “${word}” by now.`;
    default:
      return t`Report ${short} cannot become “${target}”: it is “${word}” by now.`;
  }
}

function failedMove(id: string, failure: Failure): string {
  const short = shortOf(id);
  const reason = describeError(failure.code);
  return t`Report ${short} was not changed. ${reason}`;
}

function detailsOf(id: string, to: Status, { code, detail }: Failure): string {
  return JSON.stringify({ report: id, wanted: to, code, detail }, null, 2);
}

export function notifyCanceled(id: string, undo: () => void): void {
  const short = shortOf(id);
  toast({ tone: "ok", text: t`Report ${short} canceled.`, action: { label: t`Undo`, run: undo } });
}

/** Shows how many of `all` were moved; a cancel can be undone. */
export function notifyBulk(action: Action, done: number, all: number, undo: () => void): void {
  const undoing = action === "cancel" && done > 0 && { action: { label: t`Undo`, run: undo } };
  if (done < all) {
    toast({ tone: "bad", text: partlyDone(action, done, all), ...undoing });
  } else if (action === "retry") {
    toast({
      tone: "ok",
      text: t`${plural(done, { one: "# report retried.", other: "# reports retried." })}`,
    });
  } else {
    const text = t`${plural(done, { one: "# report canceled.", other: "# reports canceled." })}`;
    toast({ tone: "ok", text, ...undoing });
  }
}

function partlyDone(action: Action, done: number, all: number): string {
  return action === "retry"
    ? t`${done} of ${all} reports retried; the others had changed state or did not answer.`
    : t`${done} of ${all} reports canceled; the others had changed state or did not answer.`;
}
