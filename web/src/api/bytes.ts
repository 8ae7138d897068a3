// SPDX-License-Identifier: Apache-2.0

const encoder = new TextEncoder();

/** The length of a text in bytes of UTF-8, as the server counts it. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}
