// SPDX-License-Identifier: Apache-2.0

export const statuses = ["pending", "queued", "processing", "completed", "failed", "canceled"] as const;
export type Status = (typeof statuses)[number];

/** The eight moves there are. What a report may do now, the server says (`allowed`); this draws the way there. */
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

/** Nothing more happens by itself. */
export function isSettled(status: Status): boolean {
  return status === "completed" || status === "failed" || status === "canceled";
}

/** What a person does with a report; workers do the rest. */
export type Action = "cancel" | "retry";
export const actions: readonly Action[] = ["cancel", "retry"];
export const targetOf: Record<Action, Status> = { cancel: "canceled", retry: "pending" };

/** The one action that the server allows now; there are never two. */
export function actionFor(allowed: readonly Status[]): Action | null {
  return actions.find((action) => allowed.includes(targetOf[action])) ?? null;
}
