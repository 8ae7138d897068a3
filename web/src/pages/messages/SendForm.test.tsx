// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noDraft, useDraft } from "./draft";
import { SendForm } from "./SendForm";

interface Asked {
  path: string;
  body: string;
  key: string | null;
}

const asked: Asked[] = [];
let answers: (() => Response)[];

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal("fetch", async (path: string, { body, headers }: { body: string; headers: Headers }) => {
    asked.push({ path, body, key: headers.get("Idempotency-Key") });
    return answers.shift()?.() ?? Response.error();
  });
  i18n.loadAndActivate({ locale: "en", messages: {} });
  useDraft.setState(noDraft);
  show();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show() {
  render(
    <I18nProvider i18n={i18n}>
      <SendForm me="anna" />
    </I18nProvider>,
  );
}

const stored = (sessions: number) => () =>
  Response.json({ topic: "howl:inbox/v3/bob", epoch: "e1", offset: 7, sessions }, { status: 201 });
const message = () => screen.getByLabelText<HTMLTextAreaElement>("Message");

async function write(to: string, text: string) {
  await userEvent.type(screen.getByLabelText("To user"), to);
  await userEvent.type(message(), text);
}

test("Ctrl+Enter sends the text as it is and shows how many sessions got it", async () => {
  answers = [stored(2)];
  await write("боб/2", "🦋 hi");
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(await screen.findByText(/delivered to 2 sessions/)).toBeTruthy();
  expect(asked[0]).toMatchObject({ path: "/api/inbox/%D0%B1%D0%BE%D0%B1%2F2/messages", body: "🦋 hi" });
  expect(message().value).toBe("");
});

test("a message for a user who is not connected is shown as stored, not as delivered", async () => {
  answers = [stored(0)];
  await write("bob", "hi");
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByText(/nobody with this name is connected now/)).toBeTruthy();
});

test("what could not be sent stays, and goes again under the same key", async () => {
  answers = [() => Response.json({ code: "overloaded" }, { status: 503 }), stored(1)];
  await write("bob", "hi");
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByText(/The server is busy/)).toBeTruthy();
  expect(message().value).toBe("hi");
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByText(/delivered to 1 session\b/)).toBeTruthy();
  expect(asked[1]).toEqual(asked[0]);
  expect(asked[0]?.key).toMatch(/^[0-9a-f-]{7,64}$/);
});

test("nothing goes out without a name and a text", async () => {
  answers = [];
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(screen.getByText("Type a user name.")).toBeTruthy();
  expect(screen.getByText("Type a message.")).toBeTruthy();
  expect(asked).toEqual([]);
});

test("a test goes to oneself and leaves alone what is being written", async () => {
  answers = [stored(1)];
  await write("bob", "half a thou");
  await userEvent.click(screen.getByRole("button", { name: "Send a test to me" }));
  expect(await screen.findByText(/delivered to 1 session\b/)).toBeTruthy();
  expect(asked[0]?.path).toBe("/api/inbox/anna/messages");
  expect(message().value).toBe("half a thou");
});

test("what is being written is still there after a look at another page, and after a reload", async () => {
  await write("bob", "half a thou");
  cleanup();
  show();
  expect(message().value).toBe("half a thou");
  expect(screen.getByLabelText<HTMLInputElement>("To user").value).toBe("bob");
  expect(sessionStorage.getItem("howl.messages.draft")).toContain('{"user":"bob","text":"half a thou"}');
});
