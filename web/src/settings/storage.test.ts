// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { browserStorage, safeStorage } from "./storage";

test("what is kept is there again, and null takes it away", () => {
  browserStorage.set("howl.test", "wolf");
  expect(browserStorage.get("howl.test")).toBe("wolf");
  browserStorage.set("howl.test", null);
  expect(browserStorage.get("howl.test")).toBeNull();
});

test("a browser that refuses its storage stops nobody", () => {
  const refused = safeStorage(() => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  });
  expect(() => refused.set("howl.test", "wolf")).not.toThrow();
  expect(refused.get("howl.test")).toBeNull();
});
