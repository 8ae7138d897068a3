// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import type { ErrorCode } from "#/contract/errorCodes";
import { reads } from "#/contract/reads";
import { readText } from "#/contract/readText";
import type { Answers, ChatReply, ChatRequest } from "#/contract/shapes";

// The messages of the chat's WebSocket (docs/API.md, "Chat"), and of its lists.

const text = v.string();
const user = v.object({ id: text, name: text });
const message = {
  offset: v.number(),
  /** ISO 8601 */
  time: text,
  user,
  text,
  /** The id that the sender gave it; messages of the relay have none. */
  clientId: v.exactOptional(text),
};
const messages = v.array(v.object(message));
const more = v.boolean();

const serverMessage = reads<ChatReply>()(
  v.variant("type", [
    v.object({ type: v.literal("registered"), user, token: v.exactOptional(text) }),
    v.object({
      type: v.literal("snapshot"),
      cursor: text,
      members: v.array(user),
      messages,
      more,
      moreMembers: v.exactOptional(v.boolean()),
    }),
    v.object({ type: v.literal("resumed") }),
    v.object({
      type: v.literal("refused"),
      code: text,
      name: v.exactOptional(text),
      suggestion: v.exactOptional(text),
    }),
    v.object({ type: v.literal("ack"), id: text, offset: v.number(), time: text }),
    v.object({ type: v.literal("message"), cursor: text, ...message }),
    v.object({ type: v.picklist(["join", "leave", "typing"]), cursor: text, user }),
    v.object({ type: v.literal("history"), before: v.exactOptional(v.number()), messages, more }),
    v.object({ type: v.literal("left") }),
    v.object({ type: v.literal("pong"), time: text }),
    v.object({ type: v.literal("reset"), cursor: text }),
    v.object({ type: v.literal("error"), code: text, id: v.exactOptional(text) }),
  ]),
);

export type User = v.InferOutput<typeof user>;
export type WireMessage = v.InferOutput<typeof messages>[number];
export type NameRefusal = Extract<ErrorCode, `name_${string}`>;
/** Messages of the server. */
export type ServerMessage = v.InferOutput<typeof serverMessage>;
/** Messages of this tab. */
export type ClientMessage = ChatRequest;

/** Null: an unknown message, which a later server may send. */
export function parseServerMessage(text: string): ServerMessage | null {
  return readText(serverMessage, text);
}

/** A page of the list of members. */
export const memberPage = reads<Answers["listMembers"]>()(
  v.object({ members: v.array(user), next: v.exactOptional(v.number()) }),
);
/** The server's verdict on a name. */
export const nameVerdict = reads<Answers["judgeName"]>()(v.object({ verdict: text, suggestion: v.optional(text, "") }));

/** Bytes a text may have (`chat.message_bytes`). */
export const textBytesMax = 8192;

export const room = "lobby";
export const roomUrl = `/api/chat/rooms/${room}`;
