// SPDX-License-Identifier: Apache-2.0

/** 128 random bits. Not `crypto.randomUUID`, which a page that came over plain HTTP from another machine does not have. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
