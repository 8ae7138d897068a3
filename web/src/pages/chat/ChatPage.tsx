// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { Users } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { useFormats } from "#/i18n/format";
import { onServerClock } from "#/live/serverClock";
import { announce } from "#/ui/announcer";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { useKeys } from "#/ui/keys";
import { Page } from "#/ui/Page";
import { Panel } from "#/ui/Panel";
import { Skeleton } from "#/ui/Skeleton";
import { Composer, type ListHandle } from "./Composer";
import { chat, useChat } from "./chat";
import { useKeyboardInset } from "./keyboardInset";
import { MessageList } from "./MessageList";
import { NicknameDialog } from "./NicknameDialog";
import { NotSentBar } from "./NotSent";
import { People } from "./People";
import { rowsOf } from "./rows";
import { TypingLine } from "./TypingLine";

export function ChatPage() {
  const { t } = useLingui();
  const phase = useChat((state) => state.phase);
  const count = useChat((state) => state.room.members.size);
  const [peopleShown, setPeopleShown] = useState(false);
  const inset = useKeyboardInset();
  useKeys([
    { code: "Enter", keyLabel: "Enter", label: t`Send` },
    { code: "ShiftEnter", keyLabel: "Shift Enter", label: t`New line` },
    { code: "PageUp", keyLabel: "PgUp", label: t`Scroll up` },
    { code: "PageDown", keyLabel: "PgDn", label: t`Scroll down` },
    { code: "Escape", keyLabel: "Esc", label: t`To the newest message` },
  ]);
  useEffect(() => chat.session.resume(), []);
  useEffect(
    () =>
      chat.session.feed.subscribe((messages) => {
        for (const { user, text } of messages) {
          announce(t`${user.name}: ${text}`);
        }
      }),
    [t],
  );
  const people = t`People`;
  const peopleButton = (
    <Button size="small" className="lg:hidden" onClick={() => setPeopleShown(true)}>
      <Users aria-hidden className="size-4" />
      {t`People: ${count}`}
    </Button>
  );
  return (
    <Page title={t`Chat`} fill actions={peopleButton}>
      <div className="flex min-h-0 flex-1 items-start gap-4" style={{ paddingBottom: inset }}>
        <Panel
          title={people}
          actions={count > 0 && <span className="text-xs text-soft tabular-nums">{count}</span>}
          className="max-h-full w-60 shrink-0 max-lg:hidden"
        >
          <People />
        </Panel>
        <Room />
      </div>
      {peopleShown && (
        <Dialog title={people} onClose={() => setPeopleShown(false)} sheet>
          <People />
        </Dialog>
      )}
      {(phase === "unregistered" || phase === "registering") && <NicknameDialog />}
    </Page>
  );
}

function Room() {
  const { t } = useLingui();
  const { style } = useFormats();
  const list = useRef<ListHandle>(null);
  const room = useChat((state) => state.room);
  const me = useChat((state) => state.me);
  const ids = useChat((state) => state.ids);
  const firstNew = useChat((state) => state.reading.firstNew);
  const outgoing = useStore(chat.outbox.store, (store) => store.items);
  const rows = me
    ? rowsOf({
        room,
        outgoing,
        me,
        isOwn: (user) => ids.has(user.id),
        firstNew,
        dayOf: style === "utc" ? dayInUtc : dayHere,
        onServerClock,
      })
    : [];
  return (
    <section
      aria-label={t`Chat`}
      className="flex h-full min-h-0 min-w-0 flex-1 flex-col rounded-card border border-line bg-surface"
    >
      {room.epoch === null ? <RoomSkeleton /> : <MessageList ref={list} rows={rows} />}
      <NotSentBar items={outgoing} />
      <TypingLine />
      <Composer list={list} />
    </section>
  );
}

function RoomSkeleton() {
  return (
    <div className="flex min-h-0 flex-1 flex-col justify-end gap-4 overflow-hidden p-4">
      <Skeleton className="h-12 w-1/2" />
      <Skeleton className="h-12 w-2/3" />
      <Skeleton className="h-12 w-2/5 self-end" />
      <Skeleton className="h-12 w-1/2" />
    </div>
  );
}

function dayInUtc(at: number): number {
  return Math.floor(at / 86_400_000);
}

function dayHere(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
