// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { readAnswer, request } from "#/api/http";
import { readText } from "#/contract/readText";
import type { LiveEvent } from "#/live/types";
import type { FullReport, ReportEvent } from "../model/report";
import type { Status } from "../model/status";
import { reportEvent, reportEventType, wholeReport } from "./schemas";

/** `/api/reports` of the server (docs/API.md), and the same as commands for a terminal. */

function pathOf(user: string, id?: string): string {
  return `/api/reports${id ? `/${id}` : ""}?user_id=${user}`;
}

export function topicOf(user: string): string {
  return `howl:reports/${user}`;
}

/** Reads all pages. The first one's cursor counts: changes while the others are read come as events. */
export async function readList(user: string, signal: AbortSignal) {
  const first = await readPage(pathOf(user), signal);
  const list = first.list;
  for (let next = first.next; next !== null; ) {
    const page = await readPage(`${pathOf(user)}&after=${next}`, signal);
    list.push(...page.list);
    next = page.next;
  }
  return { list, cursor: first.cursor };
}

async function readPage(path: string, signal: AbortSignal) {
  const response = await request(path, { signal });
  const items = await readAnswer(response, v.array(v.unknown()));
  return {
    // One that cannot be read does not take the others along.
    list: items.filter((item): item is FullReport => v.is(wholeReport, item)),
    cursor: response.headers.get("Howl-Cursor"),
    next: response.headers.get("Howl-Next"),
  };
}

export async function readReport(user: string, id: string): Promise<FullReport> {
  return readAnswer(await request(pathOf(user, id)), wholeReport);
}

export async function postReport(user: string, idempotencyKey: string): Promise<FullReport> {
  return readAnswer(await request(pathOf(user), { method: "POST", idempotencyKey }), wholeReport);
}

export async function patchReport(user: string, id: string, status: Status): Promise<FullReport> {
  return readAnswer(await request(pathOf(user, id), { method: "PATCH", json: { status } }), wholeReport);
}

/** Parses an event; null for types that a later server may send, and for malformed ones. */
export function newsIn({ type, data }: LiveEvent): ReportEvent | null {
  return v.is(reportEventType, type) ? readText(reportEvent, data) : null;
}

export function createCommand(user: string): string {
  return `curl -X POST '${window.location.origin}${pathOf(user)}'`;
}

export function moveCommand(user: string, id: string, status: Status): string {
  return `curl -X PATCH '${window.location.origin}${pathOf(user, id)}' -H 'Content-Type: application/json' -d '{"status":"${status}"}'`;
}

export function scriptCommand(user: string, id: string, status: Status): string {
  return `HOWL_URL=${window.location.origin} scripts/update_report_status.sh ${user} ${id} ${status}`;
}
