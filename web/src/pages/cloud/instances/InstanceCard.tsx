// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { memo } from "react";
import { CopyButton } from "#/ui/copy";
import { ShortId } from "#/ui/ShortId";
import { Tooltip } from "#/ui/Tooltip";
import { useCloud } from "../store/cloud";
import { unconfirmedOf } from "../store/commands";
import { shortId } from "../store/labels";
import { Actions } from "./Actions";
import { Countdown, OperationBadge, StateWord } from "./Status";

interface Props {
  id: string;
  /** Its details are open. */
  open: boolean;
  onOpen: (id: string) => void;
  onSelect: (id: string, range: boolean) => void;
  /** The row that Tab goes to; the arrow keys lead to the others. */
  active: boolean;
}

/**
 * One instance: id, status, actions; at the right the running operation. The list is rendered with every event and every
 * scroll; a card only when its own instance changes.
 */
export const InstanceCard = memo(function InstanceCard({ id, open, onOpen, onSelect, active }: Props) {
  const { t } = useLingui();
  const instance = useCloud((store) => store.fleet.known.get(id)?.instance);
  const unconfirmed = useCloud((store) => unconfirmedOf(store.commands, id));
  const selected = useCloud((store) => store.selected.has(id));
  if (!instance) {
    return null;
  }
  const { name, operation } = instance;
  const running = operation?.kind ?? unconfirmed;
  const short = shortId(id);
  const tabIndex = active ? 0 : -1;
  const opener = (
    <button
      type="button"
      tabIndex={tabIndex}
      onClick={() => onOpen(id)}
      aria-expanded={open}
      className="inline-flex h-7 min-w-0 items-center gap-2 hover:underline pointer-coarse:-my-2 pointer-coarse:h-11"
    >
      <ShortId id={id} className="text-xs font-medium sm:text-sm" />
      {name && (
        <bdi dir="auto" className="max-w-1/2 min-w-0 shrink-0 truncate text-xs text-soft">
          {name}
        </bdi>
      )}
    </button>
  );
  return (
    <div
      className={clsx(
        "group @container flex h-full flex-col justify-between rounded-card border bg-surface py-2 pr-2 pl-3",
        open ? "border-accent ring-1 ring-accent ring-inset" : "border-line",
        selected && "bg-accent-tint",
        operation?.kind === "create" && "animate-appear border-dashed",
      )}
    >
      <div className="flex h-7 min-w-0 items-center gap-2">
        <label className="-m-1 flex shrink-0 p-1 pointer-coarse:-m-2.5 pointer-coarse:p-2.5">
          <input
            type="checkbox"
            tabIndex={tabIndex}
            aria-label={t`Select ${short}`}
            checked={selected}
            onChange={(event) => onSelect(id, (event.nativeEvent as MouseEvent).shiftKey)}
            className="size-4 shrink-0 pointer-coarse:size-6"
          />
        </label>
        {name ? (
          <Tooltip text={name} isName>
            {opener}
          </Tooltip>
        ) : (
          opener
        )}
        <span className="ml-auto opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:hidden">
          <CopyButton text={id} label={t`Copy the id`} tabIndex={tabIndex} />
        </span>
      </div>
      <div className="flex h-7 items-center gap-2 pr-1 text-sm">
        <span className="min-w-16 text-soft @max-[22rem]:sr-only">
          <Trans>Status:</Trans>
        </span>
        <StateWord state={instance.state} />
        <span className="ml-auto">{running && <OperationBadge kind={running} />}</span>
      </div>
      <div className="flex min-h-9 items-center gap-2 pr-1 text-sm">
        <span className="min-w-16 text-soft @max-[22rem]:sr-only">
          <Trans>Actions:</Trans>
        </span>
        <Actions instance={instance} running={running} tabIndex={tabIndex} />
        <span className="ml-auto min-w-0">{operation && <Countdown operation={operation} />}</span>
      </div>
    </div>
  );
});
