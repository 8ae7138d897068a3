// SPDX-License-Identifier: Apache-2.0

// What is said over the chat's socket (docs/API.md, "Chat").

export interface User {
  id: string;
  name: string;
}

export interface WireMessage {
  offset: number;
  /** ISO 8601 */
  time: string;
  user: User;
  text: string;
  /** The sender's own name for it; what came through the relay has none. */
  clientId?: string;
}

export type NameRefusal = "name_taken" | "name_invalid" | "name_reserved" | "name_confusable";

/** What the server says. */
export type Heard =
  | { type: "registered"; room: string; user: User; token?: string }
  | {
      type: "snapshot";
      cursor: string;
      members: User[];
      messages: WireMessage[];
      more: boolean;
      /** There are more members than the snapshot holds. */
      moreMembers?: boolean;
    }
  | { type: "resumed" }
  | { type: "refused"; code: NameRefusal | "unknown_token" | "limit_reached"; name?: string; suggestion?: string }
  | { type: "ack"; id: string; offset: number; epoch: string; time: string }
  | ({ type: "message"; cursor: string } & WireMessage)
  | { type: "join" | "leave"; cursor: string; user: User }
  | { type: "typing"; cursor: string; user: User }
  | { type: "history"; before?: number; messages: WireMessage[]; more: boolean }
  | { type: "left" }
  | { type: "pong"; time: string }
  | { type: "reset"; cursor: string }
  | { type: "error"; code: string; id?: string; title: string };

/** What this tab says. */
export type Said =
  | { type: "register"; name: string }
  | { type: "rejoin"; token: string; cursor?: string }
  | { type: "send"; id: string; text: string }
  | { type: "typing" }
  | { type: "history"; before: number; limit: number }
  | { type: "leave" };

/** The server is ours, so its words are taken as they are; a newer one may say things that we do not know. */
export function parseHeard(text: string): Heard | null {
  try {
    const word: unknown = JSON.parse(text);
    return typeof word === "object" && word !== null && "type" in word ? (word as Heard) : null;
  } catch {
    return null;
  }
}

/** Bytes a text may have (`chat.message_bytes_max`). */
export const textBytesMax = 8192;

export const room = "lobby";
export const roomUrl = `/api/chat/rooms/${room}`;
