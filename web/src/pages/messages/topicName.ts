// SPDX-License-Identifier: Apache-2.0

const prefix = "howl:inbox/v3/";
/** Bytes; the server's limit of a topic name. */
const longest = 255;

/** The topic of a user's messages: every byte but letters, digits, `-` and `_` is `~` and two hex digits, as on the server. */
export function topicOf(user: string): string {
  let name = prefix;
  for (const byte of new TextEncoder().encode(user)) {
    const letter = String.fromCharCode(byte);
    name += /[A-Za-z0-9_-]/.test(letter) ? letter : `~${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return name;
}

export type NameFault = "empty" | "too_long" | "dots";

/** Why the name is invalid; null: it is valid. */
export function findNameFault(user: string): NameFault | null {
  if (user === "") {
    return "empty";
  }
  // No URL can hold them: a browser resolves them as path segments.
  if (user === "." || user === "..") {
    return "dots";
  }
  return topicOf(user).length > longest ? "too_long" : null;
}
