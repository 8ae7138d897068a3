// SPDX-License-Identifier: Apache-2.0
import { request } from "#/api/http";
import type { LiveEvent } from "#/live/types";
import type { ReportEvent, WholeReport } from "../model/report";
import { isStatus, type Status } from "../model/status";

/** `/api/reports` of the server (docs/API.md), and the same as commands for a terminal. */

function pathOf(user: string, id?: string): string {
  return `/api/reports${id ? `/${id}` : ""}?user_id=${user}`;
}

export function topicOf(user: string): string {
  return `howl:reports/${user}`;
}

export async function readList(user: string, signal: AbortSignal) {
  const response = await request(pathOf(user), { signal });
  const list = (await response.json()) as WholeReport[];
  return { list: list.filter(isReadable), cursor: response.headers.get("Howl-Cursor") };
}

export async function readReport(user: string, id: string): Promise<WholeReport> {
  return (await request(pathOf(user, id))).json();
}

export async function postReport(user: string, idempotencyKey: string): Promise<WholeReport> {
  return (await request(pathOf(user), { method: "POST", idempotencyKey })).json();
}

export async function patchReport(user: string, id: string, status: Status): Promise<WholeReport> {
  return (await request(pathOf(user, id), { method: "PATCH", json: { status } })).json();
}

/** The news in an event; null for kinds that a later server may have, and for what cannot be read. */
export function newsIn({ type, data }: LiveEvent): ReportEvent | null {
  if (type !== "report_created" && type !== "report_status_update") {
    return null;
  }
  try {
    const news = JSON.parse(data) as ReportEvent;
    return isReadable(news) ? news : null;
  } catch {
    // The others that came with it count all the same.
    return null;
  }
}

// A state that this page does not know could be drawn nowhere.
function isReadable({ status }: { status: string }): boolean {
  return isStatus(status);
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
