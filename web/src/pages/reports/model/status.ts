// SPDX-License-Identifier: Apache-2.0
import type { ReportStatus } from "#/contract/shapes";

export type Status = ReportStatus;
/** In the order in which they are shown. */
export const statuses = [
  "pending",
  "queued",
  "processing",
  "completed",
  "failed",
  "canceled",
] as const satisfies readonly Status[];

/** The eight moves. What is allowed now the server sends (`allowed`); this table is for the diagram. */
const moves: Record<Status, readonly Status[]> = {
  pending: ["queued", "canceled"],
  queued: ["processing", "canceled"],
  processing: ["completed", "failed"],
  completed: [],
  failed: ["pending"],
  canceled: ["pending"],
};

export function movesFrom(from: Status): readonly Status[] {
  return moves[from];
}

export function isStatus(word: string): word is Status {
  return statuses.some((status) => status === word);
}

/** A final state of an attempt. */
export function isFinal(status: Status): boolean {
  return status === "completed" || status === "failed" || status === "canceled";
}

/** The user's actions on a report; workers make the other moves. */
export type Action = "cancel" | "retry";
export const actions: readonly Action[] = ["cancel", "retry"];
export const targetOf: Record<Action, Status> = { cancel: "canceled", retry: "pending" };

/** The one action that the server allows now; there are never two. */
export function actionFor(allowed: readonly Status[]): Action | null {
  return actions.find((action) => allowed.includes(targetOf[action])) ?? null;
}
