// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { browserKeeper, keeperIn } from "./storage";

test("what is kept is there again, and null takes it away", () => {
  browserKeeper.set("howl.test", "wolf");
  expect(browserKeeper.get("howl.test")).toBe("wolf");
  browserKeeper.set("howl.test", null);
  expect(browserKeeper.get("howl.test")).toBeNull();
});

test("a browser that refuses its storage stops nobody", () => {
  const refused = keeperIn(() => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  });
  expect(() => refused.set("howl.test", "wolf")).not.toThrow();
  expect(refused.get("howl.test")).toBeNull();
});
