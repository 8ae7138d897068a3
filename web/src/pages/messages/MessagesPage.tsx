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
import { spokenOf } from "./fold";
import { lastOffset, markAllRead } from "./inbox";
import { MessageList } from "./MessageList";
import { Owner } from "./Owner";
import { SendForm } from "./SendForm";
import { changeInbox, type MessagesState, useMessages } from "./store";
import { useWatching } from "./useWatching";
import { WhoAreYou } from "./WhoAreYou";
import { watchRemembered } from "./watch";

export function MessagesPage() {
  const { t } = useLingui();
  const user = useMessages((store) => store.user);
  // Before the first frame: it would ask for a name that is known.
  useLayoutEffect(watchRemembered, []);
  useWatching();
  useEffect(() => useMessages.subscribe(speakOfNews), []);
  return (
    <Page title={t`Messages`} actions={user !== null && <Owner user={user} />}>
      {user === null ? <WhoAreYou /> : <Inbox key={user} user={user} />}
    </Page>
  );
}

/** List and form side by side; where there is no room for both, the form is opened with a button. */
function Inbox({ user }: { user: string }) {
  const { t } = useLingui();
  const [writing, setWriting] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const write = () => {
    flushSync(() => setWriting(true));
    form.current?.querySelector("input")?.focus();
  };
  useKeys([
    { code: "KeyN", shown: "n", what: t`Write a message`, act: write },
    { code: "KeyA", shown: "a", what: t`Mark all as read`, act: () => changeInbox(markAllRead) },
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

function speakOfNews({ inbox, loaded }: MessagesState, before: MessagesState) {
  const newest = inbox.messages.at(-1);
  if (loaded && before.loaded && newest && newest.offset > lastOffset(before.inbox)) {
    announce(spokenOf(newest.text));
  }
}
