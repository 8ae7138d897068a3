// SPDX-License-Identifier: Apache-2.0
import { expect, test, vi } from "vitest";
import { retryableImport } from "./retryableImport";

const whole = { show: () => "shown" };
const failure = new TypeError("Failed to fetch dynamically imported module: http://host/assets/part-1a.js");

test("what can be loaded is loaded by the import itself", async () => {
  const again = vi.fn();
  await expect(retryableImport(async () => whole, "show", again)()).resolves.toBe(whole);
  expect(again).not.toHaveBeenCalled();
});

test("after each failure another address of the same module is asked", async () => {
  const load = vi.fn().mockRejectedValue(failure);
  const again = vi.fn().mockRejectedValueOnce(failure).mockResolvedValueOnce(whole);
  const fetchIt = retryableImport<typeof whole>(load, "show", again);
  await expect(fetchIt()).rejects.toBe(failure);
  await expect(fetchIt()).rejects.toBe(failure);
  await expect(fetchIt()).resolves.toBe(whole);
  expect(load).toHaveBeenCalledTimes(1);
  expect(again.mock.calls).toEqual([
    ["http://host/assets/part-1a.js?failures=1"],
    ["http://host/assets/part-1a.js?failures=2"],
  ]);
});

test("a failure that names no address is followed by the import itself", async () => {
  const load = vi
    .fn()
    .mockRejectedValueOnce(new Error("Importing a module script failed."))
    .mockResolvedValueOnce(whole);
  const fetchIt = retryableImport<typeof whole>(load, "show");
  await expect(fetchIt()).rejects.toThrow("Importing");
  await expect(fetchIt()).resolves.toBe(whole);
});

test("another module at the address that failed is refused", async () => {
  const load = vi.fn().mockRejectedValue(failure);
  const fetchIt = retryableImport<typeof whole>(load, "show", async () => ({ other: 1 }));
  await expect(fetchIt()).rejects.toBe(failure);
  await expect(fetchIt()).rejects.toThrow("the module has no show");
});
