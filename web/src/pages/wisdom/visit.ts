// SPDX-License-Identifier: Apache-2.0
import { addTransport, setUnanswered } from "#/live/connections";
import { checkHealth } from "#/live/requestTracking";
import { serverNow } from "#/live/serverClock";
import { type Locale, useSettings } from "#/settings/settings";
import { browserStorage } from "#/settings/storage";
import { browser, environment } from "#/transport/browser";
import { Socket } from "#/transport/socket";
import { Session } from "./session";

const wantedKey = "howl.wisdom.wanted";

/** The quotes are in the language of the page. */
function urlFor(locale: Locale): string {
  return new URL(`/wisdom/connect?lang=${locale}`, window.location.href.replace(/^http/, "ws")).href;
}

const socket = new Socket({
  environment,
  browser,
  url: () => urlFor(useSettings.getState().locale),
  onOpen: () => {},
  onMessage: (text) => session.receive(text),
  onClose: () => session.closed(),
});

export const session: Session = new Session(socket, environment, {
  wanted: browserStorage.get(wantedKey) === "yes",
  saveWanted: (wanted) => browserStorage.set(wantedKey, wanted ? "yes" : "no"),
  visible: () => browser.visible,
  checkServer: (answered) => void checkHealth().then(answered, () => undefined),
  serverNow,
});

export const wisdom = session.store;

addTransport("wisdom", socket.transport);
// A lost connection is shown by its own state.
wisdom.subscribe(({ phase, unansweredSince }) =>
  setUnanswered("wisdom", phase === "connecting" ? null : unansweredSince),
);

/** Stays connected until the returned function is called, or the browser leaves the page. */
export function startVisit(): () => void {
  const leave = () => {
    session.leave();
    socket.stop();
  };
  const comeBack = (event: PageTransitionEvent) => event.persisted && socket.start();
  const unwatch = useSettings.subscribe((now, before) => {
    if (now.locale !== before.locale) {
      socket.reopen();
    }
  });
  socket.start();
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", comeBack);
  return () => {
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("pageshow", comeBack);
    unwatch();
    leave();
  };
}
