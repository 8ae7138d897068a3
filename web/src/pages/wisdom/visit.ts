// SPDX-License-Identifier: Apache-2.0
import { addWire } from "#/live/connections";
import { serverNow } from "#/live/serverClock";
import { browserKeeper } from "#/settings/storage";
import { browser, surroundings } from "#/transport/browser";
import { Socket } from "#/transport/socket";
import { Session } from "./session";

const wantedKey = "howl.wisdom.wanted";

const line = new Socket({
  surroundings,
  browser,
  url: () => new URL("/wisdom/connect", window.location.href.replace(/^http/, "ws")).href,
  onOpen: () => {},
  onMessage: (text) => session.heard(text),
  onClose: () => session.closed(),
});

export const session: Session = new Session(line, surroundings, {
  wanted: browserKeeper.get(wantedKey) === "yes",
  keepWanted: (wanted) => browserKeeper.set(wantedKey, wanted ? "yes" : "no"),
  visible: () => browser.visible,
  serverNow,
});

export const wisdom = session.store;

addWire("wisdom", line.wire);

/** Is with the wolves until the returned function is called, or the browser leaves the page. */
export function visit(): () => void {
  const leave = () => {
    session.leave();
    line.stop();
  };
  const comeBack = (event: PageTransitionEvent) => event.persisted && line.start();
  line.start();
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", comeBack);
  return () => {
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("pageshow", comeBack);
    leave();
  };
}
