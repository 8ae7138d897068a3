// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseUuid } from "../model/uuid";
import { leave, useUser } from "../store/user";
import { Entry } from "./Entry";

const id = "d2719b53-8a24-4c1a-9f0e-3b1f6f2f7a10";
const field = () => screen.getByLabelText<HTMLInputElement>("User ID (UUID)");

function show() {
  render(
    <I18nProvider i18n={i18n}>
      <Entry />
    </I18nProvider>,
  );
  return userEvent.setup();
}

beforeEach(() => {
  i18n.load("en", {});
  i18n.activate("en");
  useUser.setState({ user: null, last: null });
});
afterEach(cleanup);

describe("the entry", () => {
  it("says beside the field what is wrong with it, and keeps what was typed", async () => {
    const person = show();
    await person.type(field(), "anna{Enter}");
    expect(field().getAttribute("aria-invalid")).toBe("true");
    const note = document.getElementById(field().getAttribute("aria-describedby") ?? "");
    expect(note?.textContent).toContain("must be a UUID");
    expect(field().value).toBe("anna");
    expect(useUser.getState().user).toBeNull();
  });

  it("stops complaining as soon as one goes on typing", async () => {
    const person = show();
    await person.type(field(), "anna{Enter}");
    await person.type(field(), "d");
    expect(field().getAttribute("aria-invalid")).toBeNull();
  });

  it("tidies up what is pasted", async () => {
    const person = show();
    await person.click(field());
    await person.paste(`  ${id.toUpperCase()}\n`);
    expect(field().value).toBe(id);
    await person.keyboard("{Enter}");
    expect(useUser.getState().user).toBe(id);
  });

  it("generates an id that it takes", async () => {
    const person = show();
    await person.click(screen.getByRole("button", { name: "Generate" }));
    expect(parseUuid(field().value)).toBe(field().value);
    await person.click(screen.getByRole("button", { name: "Log in" }));
    expect(useUser.getState().user).toBe(field().value);
  });

  it("offers the last one again", () => {
    useUser.setState({ user: id, last: id });
    leave();
    show();
    expect(field().value).toBe(id);
    expect(screen.getByText("The one you used last")).toBeTruthy();
  });
});
