// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { chat } from "./chat";
import { NicknameDialog } from "./NicknameDialog";
import { firstState } from "./state";

/** The name is asked for after a pause in typing. */
const patience = { timeout: 4000 };
let entered: string[] = [];
const field = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Nickname" });

function show() {
  i18n.loadAndActivate({ locale: "en", messages: {} });
  render(
    <I18nProvider i18n={i18n}>
      <MemoryRouter>
        <NicknameDialog />
      </MemoryRouter>
    </I18nProvider>,
  );
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  entered = [];
  chat.session.store.setState(firstState(null));
  vi.spyOn(chat.session, "join").mockImplementation((name) => {
    entered.push(name);
  });
  vi.spyOn(globalThis, "fetch").mockImplementation(async (path) => {
    const name = decodeURIComponent(String(path).split("/").at(-1) ?? "");
    const taken = { name, verdict: "taken", suggestion: `${name} 2` };
    return Response.json(name.toLowerCase() === "petr" ? taken : { name, verdict: "free", suggestion: "" });
  });
});
afterEach(cleanup);

it("has the focus in its field and enters with the name", async () => {
  show();
  expect(document.activeElement).toBe(field());
  await userEvent.keyboard(" Anna {Enter}");
  expect(entered).toEqual(["Anna"]);
});
it("does not enter without a name", async () => {
  show();
  await userEvent.keyboard("  {Enter}");
  expect(entered).toEqual([]);
});
it("offers the name that was used last", () => {
  localStorage.setItem("howl.chat.name", "Olga");
  show();
  expect(field().value).toBe("Olga");
});
it("shows while typing that a name is taken, and joins with the suggestion at one click", async () => {
  show();
  await userEvent.keyboard("Petr");
  const words = await screen.findByText("Somebody here is called Petr already. Choose another one.", {}, patience);
  expect(field().getAttribute("aria-describedby")).toBe(words.id);
  expect([field().value, field().getAttribute("aria-invalid")]).toEqual(["Petr", "true"]);
  await userEvent.click(screen.getByRole("button", { name: "Join as Petr 2" }));
  expect(entered).toEqual(["Petr 2"]);
});
it.each(["Petr", "petr"])(
  "offers to come in as the member that this browser has, without alarm, for %s",
  async (typed) => {
    chat.storage.membership = { name: "Petr", token: "t", ids: ["1"] };
    show();
    await userEvent.clear(field());
    await userEvent.keyboard(typed);
    const words = await screen.findByText("That is you, from this browser. Continue as the same member.", {}, patience);
    expect(field().getAttribute("aria-describedby")).toBe(words.id);
    expect(field().getAttribute("aria-invalid")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Continue" }));
    expect(entered).toEqual([typed]);
  },
);
it("shows that a name is free", async () => {
  show();
  await userEvent.keyboard("Anna");
  expect(await screen.findByText("This nickname is free.", {}, patience)).toBeTruthy();
});
it.each([
  ["name_taken", "Somebody here is called Вы already. Choose another one."],
  ["name_reserved", "This nickname is reserved. Choose another one."],
  ["name_confusable", "Вы looks like a nickname that is taken or reserved. Choose another one."],
  ["name_invalid", "A nickname has 1 to 32 visible characters, among them a letter or a number."],
  ["limit_reached", "The room is full. Try again later."],
  ["origin_refused", /^The server lets nobody act from a page of http.*add it to allowed_origins/],
  [
    "storage_failed",
    "The store failed; whether it was stored is unknown. Look whether it is there before you try again.",
  ],
])("explains the server's refusal %s and keeps the text", (code, words) => {
  chat.session.store.setState({ refusal: { code, name: "Вы", suggestion: "" } });
  show();
  expect(screen.getByText(words)).toBeTruthy();
  expect([field().value, document.activeElement]).toEqual(["Вы", field()]);
});
it("leads to the other pages", () => {
  show();
  expect(screen.getAllByRole("link").map((link) => link.getAttribute("href"))).toEqual([
    "/",
    "/cloud",
    "/reports",
    "/wisdom",
    "/messages",
  ]);
});
