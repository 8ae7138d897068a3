// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { linkify } from "./linkify";

const links = (text: string) => linkify(text).flatMap((piece) => ("href" in piece ? [piece.href] : []));

describe("linkify", () => {
  it("leaves plain text as one piece", () => {
    expect(linkify("I can't sleep...")).toEqual([{ text: "I can't sleep..." }]);
  });
  it("finds a link within a sentence and keeps the text around it", () => {
    expect(linkify("Listen this: https://youtu.be/xxxxxxx!")).toEqual([
      { text: "Listen this: " },
      { text: "https://youtu.be/xxxxxxx", href: "https://youtu.be/xxxxxxx" },
      { text: "!" },
    ]);
  });
  it("knows http, https and mailto in any case", () => {
    expect(links("http://a.b HTTPS://c.d mailto:me@a.b")).toEqual(["http://a.b", "HTTPS://c.d", "mailto:me@a.b"]);
  });
  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https:x",
    "//example.com",
    "https://",
    "http:///",
    "mailto:",
    "mailto:nobody",
  ])("makes no link of %s", (text) => {
    expect(links(text)).toEqual([]);
  });
  it("does not let a quote or an angle bracket into an address", () => {
    expect(links('https://a.b/"onmouseover="alert(1)')).toEqual(["https://a.b/"]);
    expect(links("<https://a.b/c>")).toEqual(["https://a.b/c"]);
  });
  it("leaves out what ends the sentence, but keeps brackets that the link opened itself", () => {
    expect(links("(see https://a.b/c_(d)).")).toEqual(["https://a.b/c_(d)"]);
    expect(links("https://a.b/?q=1, https://a.b/x…")).toEqual(["https://a.b/?q=1", "https://a.b/x"]);
    expect(links("«https://a.b»")).toEqual(["https://a.b"]);
  });
  it("ends a link where a mark turns the direction of writing", () => {
    expect(links("https://a.b/\u202egnp.exe")).toEqual(["https://a.b/"]);
  });
  it("keeps an address with other scripts as it was written", () => {
    expect(links("https://пример.рф/путь")).toEqual(["https://пример.рф/путь"]);
  });
  it("loses not a letter of any text", () => {
    for (const text of [
      "",
      "https://a.b",
      " mailto:a@b.c) https://x ",
      "https://((((",
      `https://a${")".repeat(8000)}`,
    ]) {
      const joined = linkify(text).map((piece) => piece.text);
      expect(joined.join("")).toBe(text);
    }
  });
});
