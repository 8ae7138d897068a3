// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { useLingui } from "@lingui/react/macro";
import { copyText } from "#/ui/clipboard";
import { focusSoon } from "#/ui/focusSoon";
import type { PageKey } from "#/ui/keys";
import { textOf } from "#/ui/selectedText";
import { toast } from "#/ui/toast";
import { askToDelete } from "./instances/deleting";
import { clearWorklog, toggleFollowing, useCloud } from "./store/cloud";
import { unconfirmedOf } from "./store/commands";
import { obstacleLabels } from "./store/labels";
import { obstacleTo } from "./store/legality";
import { create, runAction } from "./store/sending";

/** The line of the Worklog that Tab goes to. */
const stop = 'main [data-line][tabindex="0"]';

/** The page's shortcuts; those for one instance act on the focused one, or else on the open one. */
export function cloudKeys(
  t: ReturnType<typeof useLingui>["t"],
  open: string | null,
  close: () => void,
  showWorklog: () => void,
): PageKey[] {
  const target = () => document.activeElement?.closest<HTMLElement>("[data-instance]")?.dataset.instance ?? open;
  return [
    { code: "KeyN", keyLabel: "n", label: t(msg`Create new instance`), run: () => void create() },
    {
      code: "KeyS",
      keyLabel: "s",
      label: t(msg`Start or stop the instance`),
      run: () => toggle(target()),
      disabledReason: () => disabledReason("toggle", target()),
    },
    {
      code: "Delete",
      keyLabel: "Del",
      label: t(msg`Delete the instance`),
      run: () => remove(target()),
      disabledReason: () => disabledReason("remove", target()),
    },
    { code: "KeyL", keyLabel: "l", label: t(msg`To the Worklog`), run: showWorklog },
    { code: "KeyF", keyLabel: "f", label: t(msg`Follow the Worklog, or pause it`), run: toggleFollowing },
    {
      code: "KeyC",
      keyLabel: "c",
      label: t(msg`Copy the line of the Worklog`),
      run: () => void copyLine(),
      disabledReason: emptyWorklog,
    },
    { code: "KeyX", keyLabel: "x", label: t(msg`Clear the Worklog's view`), run: clear, disabledReason: emptyWorklog },
    ...(open === null ? [] : [{ code: "Escape", keyLabel: "Esc", label: t(msg`Close the details`), run: close }]),
  ];
}

/** Copies the focused line, or else the newest, as shown, but with the time in ISO. */
async function copyLine(): Promise<void> {
  const line = document.activeElement?.closest("[data-line]") ?? document.querySelector(stop);
  if (line === null) {
    return;
  }
  const range = document.createRange();
  range.selectNodeContents(line);
  const done = await copyText(textOf(range).replace(/\s+/g, " ").trim());
  toast(
    done
      ? { tone: "ok", text: i18n._(msg`Copied`) }
      : {
          tone: "bad",
          text: i18n._(msg`The browser does not let this page copy. Select the text and copy it yourself.`),
        },
  );
}

/** If a line had the focus, the button that replaces the lines takes it. */
function clear(): void {
  const had = document.activeElement?.closest("[role=log]");
  clearWorklog();
  if (had) {
    focusSoon("main [data-unclear]");
  }
}

function instanceOf(id: string | null) {
  return id === null ? undefined : useCloud.getState().fleet.known.get(id)?.instance;
}

function toggle(id: string | null): void {
  const instance = instanceOf(id);
  if (instance) {
    void runAction(instance.state === "running" ? "stop" : "start", instance.id);
  }
}

function remove(id: string | null): void {
  if (id !== null && disabledReason("remove", id) === null) {
    askToDelete([id]);
  }
}

/** Why the action is not possible now; null: it is. */
function disabledReason(what: "toggle" | "remove", id: string | null): string | null {
  const instance = instanceOf(id);
  if (!instance) {
    return i18n._(msg`Choose an instance first.`);
  }
  const { id: known, state, operation } = instance;
  const action = what === "remove" ? what : state === "running" ? "stop" : "start";
  const obstacle = obstacleTo(action, state, operation?.kind ?? unconfirmedOf(useCloud.getState().commands, known));
  return obstacle && i18n._(obstacleLabels[obstacle]);
}

function emptyWorklog(): string | null {
  return document.querySelector(stop) ? null : i18n._(msg`The Worklog shows nothing.`);
}
