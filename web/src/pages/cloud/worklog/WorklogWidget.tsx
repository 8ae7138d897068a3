// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { Download, Pause, Play, Undo2 } from "lucide-react";
import { useDeferredValue } from "react";
import { useErrorWords } from "#/i18n/errors";
import { Button, IconButton } from "#/ui/Button";
import { EmptyState } from "#/ui/EmptyState";
import { focusSoon } from "#/ui/focusSoon";
import { Panel } from "#/ui/Panel";
import { Skeleton } from "#/ui/Skeleton";
import { useAddress } from "../store/address";
import { clearingOf, toggleFollowing, unclearWorklog, useCloud } from "../store/cloud";
import { failureText, lineText } from "../store/labels";
import { linesKept } from "../store/worklog";
import { LogFilters } from "./LogFilters";
import { LogList } from "./LogList";
import { asLine, isAfter, jsonLinesOf, type Line, linesOf, type VisibleText } from "./lines";
import { type OlderLines, useOlderLines } from "./useOlderLines";

/** "Worklog": commands and their outcomes. `tabbed`: a tab above it shows the title. */
export function WorklogWidget({ tabbed = false }: { tabbed?: boolean }) {
  const errorWords = useErrorWords();
  const { t } = useLingui();
  const [address, change] = useAddress();
  // A fast log must not make scrolling jerky.
  const log = useDeferredValue(useCloud((store) => store.worklog));
  const clearing = useCloud(clearingOf);
  const refusals = useCloud((store) => store.refusals);
  const historyError = useCloud((store) => store.historyError);
  const visibleText: VisibleText = (type, kind) =>
    t(type === "refused" ? failureText(kind, null) : lineText(type, kind));
  const filter = { text: address.log, kinds: address.kinds, instanceId: address.only ? address.open : null, clearing };
  const lines = linesOf(log.lines, refusals, filter, visibleText);
  const filtered = filter.text !== "" || filter.kinds.length > 0 || filter.instanceId !== null;
  const older = useOlderLines(filtered, lines.length);
  const isCleared =
    clearing !== null && ![...log.lines, ...refusals.map(asLine)].some((line) => isAfter(line, clearing));
  const nothing = log.lines.length === 0 && refusals.length === 0;
  return (
    <Panel title={t`Worklog:`} titleHidden={tabbed} className={clsx("min-h-72 flex-1", tabbed && "pt-3")}>
      {historyError !== null && <p className="px-4 pb-2 text-xs text-bad">{errorWords(historyError)}</p>}
      {!nothing && <LogFilters address={address} change={change} buttons={<LogButtons lines={lines} />} />}
      {nothing && log.firstOffset === null && <Loading />}
      {nothing && log.firstOffset !== null && (
        <EmptyState>
          <Trans>Nothing has happened yet. Every command and its result will be logged here.</Trans>
        </EmptyState>
      )}
      {!nothing && lines.length === 0 && isCleared && <Cleared />}
      {!nothing && lines.length === 0 && !isCleared && (
        <NoMatch older={older} onAll={() => change({ log: "", kinds: [], only: false })} />
      )}
      {lines.length > 0 && (
        <LogList
          lines={lines}
          search={address.log}
          highlighted={address.only ? null : address.open}
          onInstance={(id) => change({ open: id === address.open ? null : id })}
          onStart={older.read}
        />
      )}
    </Panel>
  );
}

/** Shown when all lines were cleared, and no new one has come. */
function Cleared() {
  const { t } = useLingui();
  return (
    <EmptyState action={<Button data-unclear onClick={unclear}>{t`Show them again`}</Button>}>
      <Trans>The lines were cleared; new ones will appear here.</Trans>
    </EmptyState>
  );
}

/** The pressed button is removed; the lines take the focus. */
function unclear(): void {
  unclearWorklog();
  focusSoon("main [role=log]");
}

/** "No line matches" is shown only after all lines that can be loaded were searched. */
function NoMatch({ older, onAll }: { older: OlderLines; onAll: () => void }) {
  const { t } = useLingui();
  const isCut = useCloud(({ worklog }) => worklog.lines.length >= linesKept);
  if (older.exist) {
    return (
      <EmptyState action={!older.reading && <Button onClick={older.read}>{t`Search older lines`}</Button>}>
        {older.reading ? <Trans>Searching older lines…</Trans> : <Trans>No line matches so far.</Trans>}
      </EmptyState>
    );
  }
  return (
    <EmptyState action={<Button onClick={onAll}>{t`Show all`}</Button>}>
      {isCut ? (
        <Trans>None of the newest lines matches; older ones are not searched.</Trans>
      ) : (
        <Trans>No line matches.</Trans>
      )}
    </EmptyState>
  );
}

function LogButtons({ lines }: { lines: readonly Line[] }) {
  const { t } = useLingui();
  const following = useCloud((store) => store.pausedAt === null);
  const cleared = useCloud((store) => clearingOf(store) !== null);
  return (
    <div className="flex">
      {cleared && (
        <IconButton label={t`Show the cleared lines again`} onClick={unclear}>
          <Undo2 aria-hidden className="size-4" />
        </IconButton>
      )}
      <IconButton label={following ? t`Pause the Worklog` : t`Follow the Worklog`} onClick={toggleFollowing}>
        {following ? <Pause aria-hidden className="size-4" /> : <Play aria-hidden className="size-4" />}
      </IconButton>
      <IconButton
        label={t`Download these lines`}
        reason={lines.length === 0 ? t`There are none` : undefined}
        onClick={() => save(jsonLinesOf(lines))}
      >
        <Download aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}

function save(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "worklog.jsonl";
  link.click();
  URL.revokeObjectURL(address);
}

function Loading() {
  return (
    <div className="flex flex-col gap-3 px-4 pb-4">
      <Skeleton className="h-9" />
      <Skeleton className="h-14" />
      <Skeleton className="h-14" />
      <Skeleton className="h-14" />
    </div>
  );
}
