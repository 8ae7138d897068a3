// SPDX-License-Identifier: Apache-2.0
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { CheckCheck, Trash2, Undo2 } from "lucide-react";
import { useErrorWords } from "#/i18n/errors";
import { Button } from "#/ui/Button";
import { EmptyState } from "#/ui/EmptyState";
import { Panel } from "#/ui/Panel";
import { Skeleton } from "#/ui/Skeleton";
import { type RowProps, VirtualFeed } from "#/ui/VirtualFeed";
import { Hints } from "./Hints";
import { markAllRead, unreadCount, without } from "./inbox";
import { MessageRow } from "./MessageRow";
import { noOffsets } from "./offsets";
import { removeAll, undoRemoval } from "./removal";
import { type Row, rowsOf } from "./rows";
import { changeInbox, useMessages } from "./store";

/** The inbox, newest first. */
export function MessageList({ user }: { user: string }) {
  const errorWords = useErrorWords();
  const { t } = useLingui();
  const inbox = useMessages((store) => store.inbox);
  const leaving = useMessages((store) => store.removing);
  const loaded = useMessages((store) => store.loaded);
  const error = useMessages((store) => store.error);
  const shown = without(inbox, leaving);
  const rows = rowsOf(shown);
  const unread = unreadCount(shown);
  return (
    <Panel
      title={t`Inbox`}
      className="min-w-0"
      actions={
        <div className="flex flex-wrap items-center gap-2">
          <span role="status" className="text-xs text-soft tabular max-sm:sr-only">
            <Plural value={unread} _0="All read" one="# unread" other="# unread" />
          </span>
          <Button size="small" off={unread === 0} onClick={() => changeInbox(markAllRead)}>
            <CheckCheck className="size-3.5" aria-hidden />
            <Trans>Mark all as read</Trans>
          </Button>
          <Button size="small" kind="quiet" off={rows.length === 0} onClick={removeAll}>
            <Trash2 className="size-3.5" aria-hidden />
            <Trans>Clear</Trans>
          </Button>
        </div>
      }
    >
      {leaving !== noOffsets && <Undo />}
      <div className="overflow-clip rounded-b-card border-t border-line">
        {rows.length > 0 ? (
          <VirtualFeed items={rows} label={t`Messages of ${user}`} rowHeight={69}>
            {renderRow}
          </VirtualFeed>
        ) : loaded ? (
          <Hints user={user} />
        ) : error ? (
          <EmptyState>{errorWords(error)}</EmptyState>
        ) : (
          <Loading />
        )}
      </div>
    </Panel>
  );
}

function renderRow(row: Row, props: RowProps) {
  switch (row.kind) {
    case "message":
      return <MessageRow message={row.message} read={row.read} row={props} />;
    case "away":
      return (
        <Heading row={props}>
          <Plural value={row.count} one="# while you were away" other="# while you were away" />
        </Heading>
      );
    case "earlier":
      return (
        <Heading row={props}>
          <Trans>Earlier</Trans>
        </Heading>
      );
  }
}

function Heading({ children, row }: { children: React.ReactNode; row: RowProps }) {
  return (
    <div
      {...row}
      className="flex items-center gap-3 border-b border-line bg-sunken px-4 py-1.5 text-2xs font-medium text-soft"
    >
      {children}
    </div>
  );
}

/** The removal affects this browser's list only, and can be undone for a while. */
function Undo() {
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 border-t border-line bg-sunken px-4 py-1 text-xs text-soft"
    >
      <Trans>Removed from the list in this browser; the server keeps its messages.</Trans>
      <Button size="small" onClick={undoRemoval}>
        <Undo2 className="size-3.5" aria-hidden />
        <Trans>Undo</Trans>
      </Button>
    </div>
  );
}

function Loading() {
  return (
    <div className="flex flex-col gap-4 p-4">
      <Skeleton className="h-12" />
      <Skeleton className="h-12" />
      <Skeleton className="h-12" />
    </div>
  );
}
