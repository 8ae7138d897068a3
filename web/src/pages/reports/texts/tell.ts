// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { plural, t } from "@lingui/core/macro";
import { describeError } from "#/i18n/errors";
import { announce } from "#/ui/announcer";
import { toast } from "#/ui/toast";
import type { Failure } from "../model/asked";
import type { Reports } from "../model/reduce";
import type { Action, Status } from "../model/status";
import { looks, shortOf } from "./looks";

/** Reads out, once each, which of these reports have moved. New ones are no news: there is nothing to wait for yet. */
export function tellChanges(before: Reports, after: Reports, ids: Iterable<string>): void {
  for (const id of ids) {
    const was = before.get(id);
    const is = after.get(id);
    if (was && is && is.version > was.version) {
      const short = shortOf(id);
      const word = i18n._(looks[is.status].word);
      announce(t`Report ${short}: ${word}`);
    }
  }
}

export function tellCreated(id: string): void {
  const short = shortOf(id);
  announce(t`Report ${short} created`);
}

/** Why a move did not come about: from what the report is now, where that is the reason. */
export function tellRefusal(id: string, to: Status, failure: Failure, now: Status | null): void {
  const text = failure.code === "illegal_state" && now ? refusalOf(id, to, now) : failedMove(id, failure);
  toast({ tone: "bad", text, details: detailsOf(id, to, failure) });
}

function refusalOf(id: string, to: Status, now: Status): string {
  const short = shortOf(id);
  const word = i18n._(looks[now].word);
  const target = i18n._(looks[to].word);
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
  return t`Report ${short} was not moved. ${reason}`;
}

function detailsOf(id: string, to: Status, { code, detail }: Failure): string {
  return JSON.stringify({ report: id, wanted: to, code, detail }, null, 2);
}

export function tellBulk(action: Action, done: number, refused: number): void {
  if (refused > 0) {
    toast({ tone: "bad", text: partlyDone(action, done, refused) });
  } else if (action === "retry") {
    toast({
      tone: "ok",
      text: t`${plural(done, { one: "# report goes round again.", other: "# reports go round again." })}`,
    });
  } else {
    toast({ tone: "ok", text: t`${plural(done, { one: "# report canceled.", other: "# reports canceled." })}` });
  }
}

function partlyDone(action: Action, done: number, refused: number): string {
  const all = done + refused;
  return action === "retry"
    ? t`${done} of ${all} reports go round again; the others had moved on or did not answer.`
    : t`${done} of ${all} reports canceled; the others had moved on or did not answer.`;
}
