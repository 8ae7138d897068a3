// SPDX-License-Identifier: Apache-2.0

import { newKey } from "#/transport/newKey";

// With all hyphens or none; like the server, it asks for no version and no variant.
const shape = /^([0-9a-f]{8})(-?)([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{12})$/;

/** Normalizes a typed or pasted UUID to the server's form; null: it is none (same rules as products/uuid.hpp). */
export function parseUuid(text: string): string | null {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^urn:uuid:/, "")
    .replace(/^\{(.*)\}$/, "$1");
  return shape.test(bare) ? bare.replace(shape, "$1-$3-$4-$5-$6") : null;
}

/** A random UUID (version 4). The browser's own `randomUUID` is missing on plain HTTP from another machine. */
export function randomUuid(): string {
  const hex = newKey();
  const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) >> 2];
  const [first, second, third] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16)];
  return `${first}-${second}-4${third}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
