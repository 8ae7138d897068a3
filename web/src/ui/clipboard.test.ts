// SPDX-License-Identifier: Apache-2.0
import { afterEach, expect, test, vi } from "vitest";
import { copyText } from "./clipboard";

afterEach(() => vi.unstubAllGlobals());

test("a text is copied by the clipboard where there is one", async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  expect(await copyText("curl")).toBe(true);
  expect(writeText).toHaveBeenCalledWith("curl");
});

test("over plain HTTP, without a clipboard, it is copied from a field that goes again", async () => {
  vi.stubGlobal("navigator", {});
  let copied = "";
  document.execCommand = () => {
    copied = document.querySelector("textarea")?.value ?? "";
    return true;
  };
  expect(await copyText("curl")).toBe(true);
  expect(copied).toBe("curl");
  expect(document.querySelector("textarea")).toBeNull();
});

test("a failure of both methods is reported", async () => {
  vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.reject(new DOMException("no")) } });
  document.execCommand = () => false;
  expect(await copyText("curl")).toBe(false);
});
