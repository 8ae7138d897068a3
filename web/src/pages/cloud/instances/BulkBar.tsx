// SPDX-License-Identifier: Apache-2.0
import { msg, plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "#/ui/Button";
import { setSelected, useCloud } from "../store/cloud";
import { type Action, actions } from "../store/legality";
import { runActions } from "../store/sending";
import { askToDelete } from "./deleting";
import { possibleOf } from "./selection";

const labels: Record<Action, ReturnType<typeof msg>> = { start: msg`Start`, stop: msg`Stop`, remove: msg`Delete` };

/** The actions on the selected instances, each with the number of instances that allow it. */
export function BulkBar({ ids }: { ids: readonly string[] }) {
  const { t } = useLingui();
  const selected = useCloud((store) => store.selected);
  const fleet = useCloud((store) => store.fleet);
  const commands = useCloud((store) => store.commands);
  if (selected.size === 0) {
    return null;
  }
  const possible = possibleOf(fleet, commands, selected);
  return (
    <div
      role="group"
      aria-label={t`Selected instances`}
      className="mx-3 mb-3 flex flex-wrap items-center gap-1.5 rounded-control bg-accent-tint px-3 py-1.5 text-sm"
    >
      <span className="mr-auto font-medium tabular-nums">
        {t`${plural(selected.size, { one: "# selected", other: "# selected" })}`}
      </span>
      {actions.map((action) => {
        const able = possible[action];
        return (
          <Button
            key={action}
            size="small"
            kind={action === "remove" ? "danger" : "plain"}
            reason={able.length === 0 ? t`None of the selected ones allows it now` : undefined}
            onClick={() => (action === "remove" ? askToDelete(able) : void runActions(action, able))}
          >
            {t(labels[action])}
            <span className="tabular-nums">{able.length}</span>
          </Button>
        );
      })}
      {selected.size < ids.length && (
        <Button size="small" kind="quiet" onClick={() => setSelected(new Set(ids))}>
          <Trans>All {ids.length}</Trans>
        </Button>
      )}
      <Button size="small" kind="quiet" onClick={() => setSelected(new Set())}>
        <Trans>None</Trans>
      </Button>
    </div>
  );
}
