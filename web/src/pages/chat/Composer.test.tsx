// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { cleanup, createEvent, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Composer, type ListHandle } from "./Composer";
import { chat } from "./chat";

const list: ListHandle = { scrollToEnd: vi.fn(), scrollPage: vi.fn() };
let sent: string[] = [];

function show(touch = false) {
  vi.spyOn(window, "matchMedia").mockReturnValue({ matches: touch } as MediaQueryList);
  i18n.loadAndActivate({ locale: "en", messages: {} });
  return render(
    <I18nProvider i18n={i18n}>
      <button type="button">elsewhere</button>
      <Composer list={{ current: list }} />
    </I18nProvider>,
  );
}
const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });

beforeEach(() => {
  sessionStorage.clear();
  sent = [];
  vi.spyOn(chat.session, "send").mockImplementation((text) => {
    sent.push(text);
  });
});
afterEach(cleanup);

it("sends with Enter and is empty then", async () => {
  show();
  await userEvent.type(field(), " I can't sleep... {Enter}");
  expect([sent, field().value]).toEqual([["I can't sleep..."], ""]);
  expect(list.scrollToEnd).toHaveBeenCalled();
});
it("begins a new line with Shift and Enter", async () => {
  show();
  await userEvent.type(field(), "one{Shift>}{Enter}{/Shift}two");
  expect([sent, field().value]).toEqual([[], "one\ntwo"]);
});
it("begins a new line with Enter on a touch screen, and sends with the button", async () => {
  show(true);
  await userEvent.type(field(), "one{Enter}two");
  expect(sent).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(sent).toEqual(["one\ntwo"]);
});
it("does not send with the Enter that ends a composition", async () => {
  show();
  await userEvent.type(field(), "に");
  const enter = createEvent.keyDown(field(), { key: "Enter", isComposing: true });
  fireEvent(field(), enter);
  fireEvent.keyDown(field(), { key: "Enter", keyCode: 229 });
  expect(sent).toEqual([]);
});
it("sends nothing that is blank or too long, and says by how much", async () => {
  show();
  await userEvent.type(field(), "  {Enter}");
  fireEvent.change(field(), { target: { value: "ё".repeat(4097) } });
  await userEvent.type(field(), "{Enter}");
  expect(sent).toEqual([]);
  expect(screen.getByRole("status").textContent).toBe("Too long by 2 bytes");
});
it("keeps the draft for the next time it is shown", async () => {
  const { unmount } = show();
  await userEvent.type(field(), "half a sen");
  unmount();
  show();
  expect(field().value).toBe("half a sen");
});
it("takes what is typed while the focus is elsewhere", async () => {
  show();
  screen.getByRole("button", { name: "elsewhere" }).focus();
  await userEvent.keyboard("ж");
  expect(document.activeElement).toBe(field());
});
it("turns the pages of the list while one writes", async () => {
  show();
  await userEvent.type(field(), "{PageUp}{PageDown}");
  expect(list.scrollPage).toHaveBeenNthCalledWith(1, -1);
  expect(list.scrollPage).toHaveBeenNthCalledWith(2, 1);
});
