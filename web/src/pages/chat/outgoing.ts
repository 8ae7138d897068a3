// SPDX-License-Identifier: Apache-2.0
import type { StoreApi } from "zustand/vanilla";

/** A text that the server has not confirmed (transport/outbox.ts). */
export interface Outgoing {
  id: string;
  value: string;
  state: "waiting" | "sending" | "failed" | "asking";
  /** When it was written, ms of this computer's clock. */
  since: number;
  error: string | null;
}

/** What the session needs of the outbox. */
export interface Outgoings {
  readonly store: StoreApi<{ items: readonly Outgoing[] }>;
  add(text: string): string;
  acked(id: string): void;
  refused(id: string, code: string): void;
  connectionUp(): void;
  connectionDown(): void;
}

/** It is not sent automatically any more: the user decides. */
export function isStuck({ state }: Outgoing): boolean {
  return state === "failed" || state === "asking";
}

/** The items that got stuck since `before`. */
export function newlyStuck(items: readonly Outgoing[], before: readonly Outgoing[]): readonly Outgoing[] {
  const known = new Set(before.filter(isStuck).map(({ id }) => id));
  return items.filter((item) => isStuck(item) && !known.has(item.id));
}
