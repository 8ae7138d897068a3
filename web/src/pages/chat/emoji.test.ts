// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { isLargeEmoji } from "./emoji";

it.each(["😁", "😁😁😁", "👨‍👩‍👧‍👦", "🇷🇺 🇬🇧", "👍🏽", "1️⃣", "❤️"])("draws %s large", (text) => {
  expect(isLargeEmoji(text)).toBe(true);
});
it.each(["", " ", "a", "1", "#", "ok 👍", "😁😁😁😁😁😁😁", "I subscribed just for that 😁😁😁"])(
  "draws “%s” as text",
  (text) => {
    expect(isLargeEmoji(text)).toBe(false);
  },
);
