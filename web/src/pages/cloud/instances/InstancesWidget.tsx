// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { LoaderCircle } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useErrorWords } from "#/i18n/errors";
import { Button } from "#/ui/Button";
import { CommandLine } from "#/ui/copy";
import { EmptyState } from "#/ui/EmptyState";
import { Panel } from "#/ui/Panel";
import { Skeleton } from "#/ui/Skeleton";
import { type Address, useAddress } from "../store/address";
import { setSelected, useCloud } from "../store/cloud";
import { isCreating } from "../store/commands";
import { create } from "../store/sending";
import { BulkBar } from "./BulkBar";
import { DeleteDialog } from "./DeleteDialog";
import { Filters } from "./Filters";
import { InstanceList } from "./InstanceList";
import { NameDialog } from "./NameDialog";
import { useStableList } from "./rows";
import { withRangeToggled } from "./selection";
import { StreamAge, useStale } from "./stale";
import { viewOf } from "./view";

/** "Your micro instances": search, state and actions. `tabbed`: a tab above it shows the title. */
export function InstancesWidget({ tabbed = false }: { tabbed?: boolean }) {
  const { t } = useLingui();
  const [address, change] = useAddress();
  // The list of cards may be a frame late; each card itself is updated at once.
  const fleet = useDeferredValue(useCloud((store) => store.fleet));
  const stale = useStale();
  const view = viewOf(fleet, address);
  const ids = useStableList(view.ids);
  const loaded = fleet.base !== null;
  return (
    <Panel title={t`Your micro instances:`} titleHidden={tabbed} className={clsx("min-h-72 flex-1", tabbed && "pt-3")}>
      <StreamAge />
      {!loaded && <Loading />}
      {loaded && fleet.known.size === 0 && <Empty />}
      {loaded && fleet.known.size > 0 && (
        <>
          <Filters address={address} change={change} counts={view.counts} />
          <BulkBar ids={ids} />
          <div className={clsx("flex min-h-0 flex-1 flex-col", stale && "opacity-80")}>
            {ids.length === 0 ? (
              <EmptyState action={<Button onClick={() => change({ q: "", state: null })}>{t`Show all`}</Button>}>
                <Trans>No instance matches.</Trans>
              </EmptyState>
            ) : (
              <InstanceList
                ids={ids}
                open={address.open}
                onOpen={(id) => change({ open: id })}
                onSelect={(id, range) => select(address, id, range)}
              />
            )}
          </div>
          <footer className="flex flex-wrap items-center justify-center gap-x-2 border-t border-line p-2">
            <CreateButton kind="link" />
            <NamedButton />
          </footer>
        </>
      )}
      <DeleteDialog />
    </Panel>
  );
}

/** The start of the next range. */
let lastSelected: string | null = null;

function select(address: Address, id: string, range: boolean): void {
  const { fleet, selected } = useCloud.getState();
  setSelected(withRangeToggled(selected, viewOf(fleet, address).ids, id, range ? lastSelected : null));
  lastSelected = id;
}

function CreateButton({ kind }: { kind: "link" | "primary" }) {
  const { t } = useLingui();
  const creating = useCloud((store) => isCreating(store.commands));
  return (
    <Button
      kind={kind}
      reason={creating ? t`The request has already been sent` : undefined}
      onClick={() => void create()}
    >
      {creating && <LoaderCircle aria-hidden className="size-4 animate-spin-slow" />}
      <Trans>Create new instance</Trans>
    </Button>
  );
}

function NamedButton() {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button kind="quiet" aria-haspopup="dialog" onClick={() => setAsking(true)}>
        <Trans>With a name…</Trans>
      </Button>
      {asking && <NameDialog onClose={() => setAsking(false)} />}
    </>
  );
}

function Empty() {
  const { t } = useLingui();
  return (
    <EmptyState
      action={
        <>
          <CreateButton kind="primary" />
          <NamedButton />
        </>
      }
    >
      <Trans>There is no instance yet. Create one here, or from a terminal:</Trans>
      <span className="mt-4 block text-left">
        <CommandLine label={t`Create an instance with curl`}>
          {`curl -X POST ${window.location.origin}/api/cloud/instances`}
        </CommandLine>
      </span>
    </EmptyState>
  );
}

function Loading() {
  const errorWords = useErrorWords();
  const error = useCloud((store) => store.error);
  return (
    <div className="flex flex-col gap-3 px-3 pb-3">
      {error !== null && (
        <p role="alert" className="text-sm text-bad">
          {errorWords(error)}
        </p>
      )}
      <Skeleton className="h-9" />
      <Skeleton className="h-7 w-2/3" />
      <Skeleton className="h-30 rounded-card" />
      <Skeleton className="h-30 rounded-card" />
      <Skeleton className="h-30 rounded-card" />
    </div>
  );
}
