// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { idOf, reportThrough, user } from "../model/samplesForTest";
import type { Status } from "../model/status";
import { useReports } from "../store/reports";
import { Details } from "./Details";

function showAfter(...states: Status[]) {
  const report = reportThrough(states);
  useReports.setState({ user, ready: true, reports: new Map([[report.id, report]]) });
  render(
    <I18nProvider i18n={i18n}>
      <MemoryRouter>
        <Details user={user} id={idOf(1)} />
      </MemoryRouter>
    </I18nProvider>,
  );
}

/** The states on the map with what is said of each. */
function wayShown(): string[] {
  const way = screen.getByRole("list", { name: "Path through the states" });
  return within(way)
    .getAllByRole("listitem")
    .map((station) => station.textContent ?? "");
}

beforeEach(() => {
  i18n.load("en", {});
  i18n.activate("en");
  useReports.setState(useReports.getInitialState());
});
afterEach(cleanup);

describe("the details", () => {
  it.each([
    ["pending", ["pending"], "Cancel the report"],
    ["queued", ["pending", "queued"], "Cancel the report"],
    ["failed", ["pending", "queued", "processing", "failed"], "Retry the report"],
    ["canceled", ["pending", "canceled"], "Retry the report"],
  ] as [string, Status[], string][])("of a %s report offer one action, each in its place", (_status, states, name) => {
    showAfter(...states);
    const buttons = screen.getAllByRole("button", { name: /the report$/ });
    expect(buttons.map((button) => button.textContent)).toEqual(["Cancel the report", "Retry the report"]);
    const possible = buttons.filter((button) => button.getAttribute("aria-disabled") === null);
    expect(possible.map((button) => button.textContent)).toEqual([name]);
  });

  it("do not take a second click for an action that came with the first", () => {
    vi.useFakeTimers();
    const asked = vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("not asked for"));
    showAfter("pending");
    act(() => useReports.setState({ reports: new Map([[idOf(1), reportThrough(["pending", "canceled"])]]) }));
    const retry = screen.getByRole("button", { name: "Retry the report" });
    fireEvent.click(retry);
    expect(asked).not.toHaveBeenCalled();
    act(() => vi.advanceTimersByTime(500));
    fireEvent.click(retry);
    expect(asked).toHaveBeenCalledOnce();
    vi.useRealTimers();
  });

  it.each([
    ["processing", ["pending", "queued", "processing"], /cannot be stopped/],
    ["completed", ["pending", "queued", "processing", "completed"], /is final/],
  ] as [string, Status[], RegExp][])("of a %s report offer none and say why", (_status, states, why) => {
    showAfter(...states);
    expect(screen.queryAllByRole("button", { name: /the report$/ })).toEqual([]);
    expect(screen.getByText(why)).toBeTruthy();
  });

  it("show the progress of each state without colours", () => {
    showAfter("pending", "queued", "processing", "failed");
    expect(wayShown()).toEqual([
      "pending: passed10 s",
      "queued: passed10 s",
      "processing: passed10 s",
      "completed: not on this path",
      "failed: it is here",
      "canceled: not on this path",
    ]);
  });

  it("show an attempt before, with its failure", async () => {
    showAfter("pending", "queued", "processing", "failed", "pending");
    expect(screen.queryByRole("region", { name: "Failure" })).toBeNull();
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Attempt" }), "Attempt 1: failed");
    expect(screen.getByRole("region", { name: "Failure" }).textContent).toContain("Attempt 1 failed after 10 s");
    expect(wayShown()[4]).toBe("failed: it ended here");
  });

  it("say when the user has no such report", () => {
    useReports.setState({ user, ready: true });
    render(
      <I18nProvider i18n={i18n}>
        <MemoryRouter>
          <Details user={user} id={idOf(1)} />
        </MemoryRouter>
      </I18nProvider>,
    );
    expect(screen.getByText(/This user has no report/)).toBeTruthy();
  });
});
