// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { bytesOf } from "./bytes";

test("a text is measured in bytes of UTF-8", () => {
  expect(["a", "Ж", "€", "🐺"].map(bytesOf)).toEqual([1, 2, 3, 4]);
});
