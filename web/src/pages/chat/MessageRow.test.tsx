// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { MessageRow } from "./MessageRow";
import type { Row } from "./rows";

afterEach(cleanup);

function show(id: string, isOwn = false) {
  i18n.loadAndActivate({ locale: "en", messages: {} });
  const row: Row = {
    key: "1",
    text: "hello",
    user: { id, name: "Robert" },
    isOwn,
    at: 0,
    head: true,
    newDay: false,
    firstNew: false,
    took: null,
    outgoing: null,
  };
  render(
    <I18nProvider i18n={i18n}>
      <MessageRow row={row} />
    </I18nProvider>,
  );
  return screen.getByRole("article");
}

it("says of whom the server knows nothing but the name that it is not verified", () => {
  const article = show("");
  expect(article.textContent).toContain("Robert (not verified)");
  expect(article.getAttribute("aria-label")).toContain("Robert (not verified), ");
});
it("says nothing of the kind of a member", () => {
  expect(show("7d0c").textContent).not.toContain("not verified");
});
it("nor of what this user wrote", () => {
  expect(show("", true).textContent).not.toContain("not verified");
});
