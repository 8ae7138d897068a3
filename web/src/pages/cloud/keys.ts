// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { useLingui } from "@lingui/react/macro";
import { copyText } from "#/ui/clipboard";
import { focusSoon } from "#/ui/focusSoon";
import type { PageKey } from "#/ui/keys";
import { toast } from "#/ui/toast";
import { askToDelete } from "./instances/deleting";
import { clearWorklog, toggleFollowing, useCloud } from "./store/cloud";
import { unconfirmedOf } from "./store/commands";
import { obstacleTo } from "./store/legality";
import { act, create } from "./store/sending";

/** The page's keys; those for one instance are for the one with the focus, or else the open one. */
export function cloudKeys(
  t: ReturnType<typeof useLingui>["t"],
  open: string | null,
  close: () => void,
  showWorklog: () => void,
): PageKey[] {
  const target = () => document.activeElement?.closest<HTMLElement>("[data-instance]")?.dataset.instance ?? open;
  return [
    { code: "KeyN", shown: "n", what: t(msg`Create new instance`), act: () => void create() },
    { code: "KeyS", shown: "s", what: t(msg`Start or stop the instance`), act: () => toggle(target()) },
    { code: "Delete", shown: "Del", what: t(msg`Delete the instance`), act: () => remove(target()) },
    { code: "KeyL", shown: "l", what: t(msg`To the Worklog`), act: showWorklog },
    { code: "KeyF", shown: "f", what: t(msg`Follow the Worklog, or pause it`), act: toggleFollowing },
    { code: "KeyC", shown: "c", what: t(msg`Copy the line of the Worklog`), act: () => void copyLine() },
    { code: "KeyX", shown: "x", what: t(msg`Clear the Worklog's view`), act: clear },
    ...(open === null ? [] : [{ code: "Escape", shown: "Esc", what: t(msg`Close the details`), act: close }]),
  ];
}

/** The line with the focus, or else the newest, as it is shown. */
async function copyLine(): Promise<void> {
  const stop = document.querySelector<HTMLElement>('main [data-line][tabindex="0"]');
  // biome-ignore lint/performance/useDomNodeTextContent: the text content has no spaces between its parts
  const line = (document.activeElement?.closest<HTMLElement>("[data-line]") ?? stop)?.innerText;
  if (line === undefined) {
    return;
  }
  const done = await copyText(line.replace(/\s+/g, " "));
  toast(
    done
      ? { tone: "ok", text: i18n._(msg`Copied`) }
      : {
          tone: "bad",
          text: i18n._(msg`The browser does not let this page copy. Select the text and copy it yourself.`),
        },
  );
}

/** The lines may have had the focus; what is there instead of them takes it. */
function clear(): void {
  const had = document.activeElement?.closest("[role=log]");
  clearWorklog();
  if (had) {
    focusSoon("main [data-uncover]");
  }
}

function instanceOf(id: string | null) {
  return id === null ? undefined : useCloud.getState().fleet.known.get(id)?.instance;
}

function toggle(id: string | null): void {
  const instance = instanceOf(id);
  if (instance) {
    void act(instance.state === "running" ? "stop" : "start", instance.id);
  }
}

function remove(id: string | null): void {
  const instance = instanceOf(id);
  const asked = instance && unconfirmedOf(useCloud.getState().commands, instance.id);
  if (instance && obstacleTo("remove", instance.state, instance.operation?.kind ?? asked ?? null) === null) {
    askToDelete([instance.id]);
  }
}
