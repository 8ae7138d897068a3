// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { PenLine } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { announce } from "#/ui/announcer";
import { Button } from "#/ui/Button";
import { useKeys } from "#/ui/keys";
import { Page } from "#/ui/Page";
import { Panel } from "#/ui/Panel";
import { announcedText } from "./fold";
import { InboxHeader } from "./InboxHeader";
import { lastOffset, markAllRead } from "./inbox";
import { MessageList } from "./MessageList";
import { SendForm } from "./SendForm";
import { changeInbox, type MessagesState, useMessages } from "./store";
import { UserPrompt } from "./UserPrompt";
import { useWatching } from "./useWatching";
import { openSavedInbox } from "./watch";

export function MessagesPage() {
  const { t } = useLingui();
  const user = useMessages((store) => store.user);
  // Before the first frame, which would otherwise ask for a name that is known.
  useLayoutEffect(openSavedInbox, []);
  useWatching();
  useEffect(() => useMessages.subscribe(announceNew), []);
  return (
    <Page title={t`Messages`} actions={user !== null && <InboxHeader user={user} />}>
      {user === null ? <UserPrompt /> : <Inbox key={user} user={user} />}
    </Page>
  );
}

/** List and form side by side; on a narrow screen the form is opened with a button. */
function Inbox({ user }: { user: string }) {
  const { t } = useLingui();
  const [writing, setWriting] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const write = () => {
    flushSync(() => setWriting(true));
    form.current?.querySelector("input")?.focus();
  };
  useKeys([
    { code: "KeyN", keyLabel: "n", label: t`Write a message`, run: write },
    { code: "KeyA", keyLabel: "a", label: t`Mark all as read`, run: () => changeInbox(markAllRead) },
  ]);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Button className="lg:hidden" aria-expanded={writing} onClick={() => (writing ? setWriting(false) : write())}>
        <PenLine className="size-4" aria-hidden />
        <Trans>Write a message</Trans>
      </Button>
      <div ref={form} className={clsx("lg:sticky lg:top-4 lg:order-2", !writing && "max-lg:hidden")}>
        <Panel title={t`Write a message`}>
          <SendForm me={user} />
        </Panel>
      </div>
      <MessageList user={user} />
    </div>
  );
}

function announceNew({ inbox, loaded }: MessagesState, before: MessagesState) {
  const newest = inbox.messages.at(-1);
  if (loaded && before.loaded && newest && newest.offset > lastOffset(before.inbox)) {
    announce(announcedText(newest.text));
  }
}
