// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { RichText } from "./RichText";

afterEach(cleanup);

it("shows markup as the text it is", () => {
  const text = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  const { container } = render(<RichText text={text} />);
  expect([container.textContent, container.querySelectorAll("img, script").length]).toEqual([text, 0]);
});
it("opens a link in a new tab, without opener and referrer", () => {
  render(<RichText text="Listen this: https://youtu.be/xxxxxxx" />);
  const link = screen.getByRole("link", { name: "https://youtu.be/xxxxxxx" });
  expect([link.getAttribute("href"), link.getAttribute("target"), link.getAttribute("rel")]).toEqual([
    "https://youtu.be/xxxxxxx",
    "_blank",
    "noopener noreferrer nofollow",
  ]);
});
it("makes no link of a script", () => {
  render(<RichText text="javascript:alert(1)" />);
  expect(screen.queryByRole("link")).toBeNull();
});
