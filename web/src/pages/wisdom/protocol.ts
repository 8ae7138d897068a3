// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { readText } from "#/contract/readText";

/** Messages of the server (docs/API.md, "Wisdom"). */
const serverMessage = v.variant("type", [
  v.object({ type: v.literal("initial"), payload: v.object({ id: v.string() }) }),
  v.object({ type: v.literal("subscribe_confirmation"), payload: v.object({ status: v.string() }) }),
  v.object({ type: v.literal("wisdom_distribution"), payload: v.object({ message: v.string() }) }),
]);

export type ServerMessage = v.InferOutput<typeof serverMessage>;

/** Null: an unknown message, which a later server may send. */
export function parseServerMessage(text: string): ServerMessage | null {
  return readText(serverMessage, text);
}

export type ClientMessageType = "connect" | "subscribe" | "unsubscribe" | "disconnect" | "ping";

export function clientMessage(type: ClientMessageType, id: string): string {
  return JSON.stringify({ type, payload: { id } });
}
