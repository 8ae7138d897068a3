// SPDX-License-Identifier: Apache-2.0

// Joined ones and flags count as one each. No literals, since the compiler's target does not know the flag "v".
const one = "\\p{RGI_Emoji}";
const sets = "v";
const onlyEmoji = new RegExp(`^(?:${one}\\s*)+$`, sets);
const emoji = new RegExp(one, `g${sets}`);
const largeMax = 6;

/** A few emoji and nothing else: drawn large. */
export function isLargeEmoji(text: string): boolean {
  return text.length <= 200 && onlyEmoji.test(text) && (text.match(emoji)?.length ?? 0) <= largeMax;
}
