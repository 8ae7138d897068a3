// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useConnections } from "#/live/connections";
import type { ConnectionStatus } from "#/transport/types";
import { useUpdate, watchForUpdates } from "./update";

const live: ConnectionStatus = {
  state: "live",
  attempt: 0,
  retryAt: null,
  lostAt: null,
  lastReceivedAt: 0,
  restarting: false,
  reason: null,
  rtt: null,
  pingedAt: null,
  clockOffset: null,
  recovery: null,
};

/** Comes first, and seldom changes. */
const runtime = '<script type="module" crossorigin src="/assets/runtime-1.js"></script>';

function serve(entry: string) {
  const page = `${runtime}<script type="module" crossorigin src="${entry}"></script>`;
  return vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response(page));
}

function comeBack(at: number) {
  const recovery = { events: 0, outage: 1000, at, complete: true };
  useConnections.setState({ statuses: { stream: { ...live, recovery } } });
}

describe("a new portal on the server", () => {
  let stop: () => void;
  beforeEach(() => {
    document.head.innerHTML = `${runtime}<script type="module" crossorigin src="/assets/index-1.js"></script>`;
    useConnections.setState({ statuses: { stream: live } });
    useUpdate.setState({ available: false });
    stop = watchForUpdates();
  });
  afterEach(() => stop());

  it("is noticed when the connection has come back", async () => {
    serve("/assets/index-2.js");
    comeBack(1);
    await vi.waitFor(() => expect(useUpdate.getState().available).toBe(true));
  });

  it("is not claimed while the entry script is the same, or while nothing answers", async () => {
    const same = serve("/assets/index-1.js");
    comeBack(1);
    await vi.waitFor(() => expect(same).toHaveBeenCalledTimes(1));
    same.mockRejectedValue(new TypeError("no network"));
    comeBack(2);
    await vi.waitFor(() => expect(same).toHaveBeenCalledTimes(2));
    expect(useUpdate.getState().available).toBe(false);
  });

  it("is looked for once for each recovery", async () => {
    const asked = serve("/assets/index-1.js");
    comeBack(1);
    useConnections.setState(({ statuses }) => ({
      statuses: { stream: { ...(statuses.stream as ConnectionStatus), rtt: 5 } },
    }));
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(1));
  });

  it("is taken by a hidden tab by itself, but not while something is written in it, wherever the focus is", () => {
    const reload = vi.spyOn(window.location, "reload").mockImplementation(() => {});
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    document.body.innerHTML = "<main><textarea>half a sentence</textarea></main>";
    useUpdate.setState({ available: true });
    document.dispatchEvent(new Event("visibilitychange"));
    expect(reload).not.toHaveBeenCalled();
    document.body.innerHTML = "";
    document.dispatchEvent(new Event("visibilitychange"));
    expect(reload).toHaveBeenCalled();
  });
});
