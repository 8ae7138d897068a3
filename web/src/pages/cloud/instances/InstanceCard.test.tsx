// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { useConnections } from "#/live/connections";
import type { ConnectionState, ConnectionStatus } from "#/transport/types";
import { begin, emptyCloud, storeSnapshot, useCloud } from "../store/cloud";
import { instanceForTest } from "../store/eventsForTest";
import type { Instance } from "../store/types";
import { InstanceCard } from "./InstanceCard";

const base = { durableEpoch: "aaaa", durable: 0, volatileEpoch: "bbbb", volatile: 0 };
const id = "23186bf2-2418-4a65-a38d-d3bee4a383b9";

function show(instance: Instance): void {
  storeSnapshot([instance], base);
  render(
    <I18nProvider i18n={i18n}>
      <InstanceCard id={id} open={false} active onOpen={() => {}} onSelect={() => {}} />
    </I18nProvider>,
  );
}
const reasonOf = (name: RegExp) => {
  const button = screen.getByRole("button", { name });
  const described = button.getAttribute("aria-describedby");
  return button.getAttribute("aria-disabled") === "true" ? document.getElementById(described ?? "")?.textContent : null;
};

beforeEach(() => {
  i18n.loadAndActivate({ locale: "en", messages: {} });
  useCloud.setState(emptyCloud);
});
afterEach(cleanup);

test("a stopped instance can be started and deleted", () => {
  show(instanceForTest(id));
  expect(reasonOf(/^Start /)).toBeNull();
  expect(reasonOf(/^Delete /)).toBeNull();
  expect(screen.queryByRole("button", { name: /^Stop / })).toBeNull();
});

test("while it starts it is still stopped, and both buttons say why they are closed", () => {
  show(instanceForTest(id, "stopped", "start"));
  expect(screen.getByText("Stopped")).toBeTruthy();
  expect(screen.getByText("Starting…")).toBeTruthy();
  expect(reasonOf(/^Start /)).toContain("It is starting");
  expect(reasonOf(/^Delete /)).toContain("It is starting");
});

test("a command that the server has not confirmed locks it just as well", () => {
  begin({ key: "k", kind: "stop", instanceId: id, operationId: null, confirmed: false });
  show(instanceForTest(id, "running"));
  expect(screen.getByText("Running")).toBeTruthy();
  expect(screen.getByText("Stopping…")).toBeTruthy();
  expect(reasonOf(/^Stop /)).toContain("It is stopping");
});

test("a name that may be cut off has all of it in a hint, for the mouse and the keyboard", async () => {
  const name = "a name as long as the server lets it be, which no card has room for";
  show({ ...instanceForTest(id), name });
  const shown = screen.getByText(name);
  expect(screen.queryByRole("tooltip")).toBeNull();
  await userEvent.hover(shown);
  expect(screen.getByRole("tooltip", { hidden: true }).textContent).toBe(name);
  await userEvent.unhover(shown);
  expect(screen.queryByRole("tooltip")).toBeNull();
  await userEvent.tab();
  await userEvent.tab();
  expect(document.activeElement).toBe(shown.closest("button"));
  expect(screen.getByRole("tooltip", { hidden: true }).textContent).toBe(name);
});
test("without a name there is nothing to hint at", async () => {
  show(instanceForTest(id));
  await userEvent.hover(screen.getByRole("button", { expanded: false }));
  expect(screen.queryByText(id, { selector: "[role=tooltip]" })).toBeNull();
});

describe("an operation that should be over", () => {
  const startedAt = Date.now() - 60_000;
  const overdue = (): Instance => ({
    ...instanceForTest(id, "stopped", "start"),
    operation: { id: "op", kind: "start", startedAt, durationMs: 20_000 },
  });
  const wire = (state: ConnectionState) =>
    useConnections.setState({ statuses: { stream: { state } as ConnectionStatus } });
  afterEach(() => useConnections.setState({ statuses: {} }));

  test("takes longer than usual", () => {
    wire("live");
    show(overdue());
    expect(screen.getByText("taking longer than usual")).toBeTruthy();
  });
  test.each<ConnectionState>(["offline", "retrying", "stale"])(
    "is not called late while nothing is heard: %s",
    (state) => {
      wire(state);
      show(overdue());
      expect(screen.queryByText("taking longer than usual")).toBeNull();
      expect(screen.getByText("should be done by now")).toBeTruthy();
    },
  );
});
