// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";

/** What the server says (docs/API.md, "Wisdom"). */
const said = v.variant("type", [
  v.object({ type: v.literal("initial"), payload: v.object({ id: v.string() }) }),
  v.object({ type: v.literal("subscribe_confirmation"), payload: v.object({ status: v.string() }) }),
  v.object({ type: v.literal("wisdom_distribution"), payload: v.object({ message: v.string() }) }),
]);

export type Said = v.InferOutput<typeof said>;

/** Null: not a word of this protocol, which a later server may well have more of. */
export function understand(text: string): Said | null {
  try {
    return v.parse(said, JSON.parse(text));
  } catch {
    return null;
  }
}

export type Word = "connect" | "subscribe" | "unsubscribe" | "disconnect" | "ping";

export function say(type: Word, id: string): string {
  return JSON.stringify({ type, payload: { id } });
}
