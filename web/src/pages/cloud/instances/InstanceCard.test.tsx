// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { begin, emptyCloud, takeSnapshot, useCloud } from "../store/cloud";
import { instanceForTest } from "../store/events_for_test";
import type { Instance } from "../store/types";
import { InstanceCard } from "./InstanceCard";

const base = { durableEpoch: "aaaa", durable: 0, volatileEpoch: "bbbb", volatile: 0 };
const id = "23186bf2-2418-4a65-a38d-d3bee4a383b9";

function show(instance: Instance): void {
  takeSnapshot([instance], base);
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
