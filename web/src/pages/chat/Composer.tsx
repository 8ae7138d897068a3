// SPDX-License-Identifier: Apache-2.0
import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { SendHorizontal } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { bytesOf } from "#/api/bytes";
import { IconButton } from "#/ui/Button";
import { chat } from "./chat";
import { textBytesMax } from "./protocol";
import { useTypingAnywhere } from "./typingAnywhere";

export interface ListHandle {
  scrollToEnd(): void;
  scrollPage(direction: 1 | -1): void;
}

/** The input for messages. It works without a connection; the draft is kept over a reload. */
export function Composer({ list }: { list: RefObject<ListHandle | null> }) {
  const { t } = useLingui();
  const [text, setText] = useState(chat.storage.draft);
  const field = useRef<HTMLTextAreaElement>(null);
  const excess = bytesOf(text.trim()) - textBytesMax;
  useTypingAnywhere(field);
  // Not on a phone, where it would open the keyboard over the messages.
  useEffect(() => {
    if (!touch()) {
      field.current?.focus();
    }
  }, []);

  const change = (value: string) => {
    setText(value);
    chat.storage.draft = value;
  };
  const send = () => {
    const message = text.trim();
    if (message !== "" && excess <= 0) {
      chat.session.send(message);
      list.current?.scrollToEnd();
      change("");
    }
  };
  /** Handles the keys that send and that scroll the list. */
  const act = (key: string): boolean => {
    if (key === "Enter") {
      send();
    } else if (key === "PageUp" || key === "PageDown") {
      list.current?.scrollPage(key === "PageUp" ? -1 : 1);
    } else if (key === "Escape" || (key === "End" && text === "")) {
      list.current?.scrollToEnd();
      chat.session.markAllSeen();
    } else {
      return false;
    }
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends an IME composition does not send; in Safari only keyCode shows it.
    if (event.nativeEvent.isComposing || event.keyCode === 229) {
      return;
    }
    const newLine = event.key === "Enter" && (event.shiftKey || touch());
    if (!newLine && act(event.key)) {
      event.preventDefault();
    }
  };

  return (
    <form
      data-region
      className="flex shrink-0 items-end gap-2 px-3 pb-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
        field.current?.focus();
      }}
    >
      <div className="min-w-0 flex-1">
        {/* The text is laid out twice in one cell, so that the field grows with it. */}
        <div className="grid max-h-40 overflow-y-auto rounded-card border border-edge bg-surface text-sm/5.5 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent pointer-coarse:text-base/6">
          <div
            aria-hidden
            className="invisible col-start-1 row-start-1 px-3.5 py-2 wrap-anywhere whitespace-pre-wrap pointer-coarse:py-2.5"
          >
            {`${text}\u200b`}
          </div>
          <textarea
            ref={field}
            rows={1}
            value={text}
            dir="auto"
            aria-label={t`Message`}
            aria-invalid={excess > 0 || undefined}
            placeholder={t`Type your message here`}
            enterKeyHint={touch() ? "enter" : "send"}
            onChange={(event) => {
              change(event.target.value);
              chat.session.typing();
            }}
            onKeyDown={onKeyDown}
            className="col-start-1 row-start-1 resize-none overflow-hidden bg-transparent px-3.5 py-2 wrap-anywhere outline-none pointer-coarse:py-2.5"
          />
        </div>
        {excess > 0 && (
          <p role="status" className="px-1 pt-1 text-2xs text-bad">
            {t`${plural(excess, { one: "Too long by # byte", other: "Too long by # bytes" })}`}
          </p>
        )}
      </div>
      <IconButton
        type="submit"
        kind="primary"
        label={t`Send`}
        off={text.trim() === "" || excess > 0}
        className="mb-0.5 rounded-card pointer-coarse:mb-0"
      >
        <SendHorizontal aria-hidden className="size-4" />
      </IconButton>
    </form>
  );
}

function touch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}
