// SPDX-License-Identifier: Apache-2.0

// Joined emoji and flags count as one.
const onlyEmoji = /^(?:\p{RGI_Emoji}\s*)+$/v;
const emoji = /\p{RGI_Emoji}/gv;
const largeMax = 6;

/** A few emoji and nothing else: shown large. */
export function isLargeEmoji(text: string): boolean {
  return text.length <= 200 && onlyEmoji.test(text) && (text.match(emoji)?.length ?? 0) <= largeMax;
}
