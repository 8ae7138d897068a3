// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { bytesOf } from "#/api/bytes";
import { useFormats } from "#/i18n/format";
import { Button } from "#/ui/Button";
import { foldedStart } from "./fold";
import type { Message } from "./inbox";
import { setOpened, useMessages } from "./store";

/** A message's text; a long one is folded and can be unfolded. */
export function FoldedText({ message: { offset, text }, strong }: { message: Message; strong: boolean }) {
  const { t } = useLingui();
  const formats = useFormats();
  const open = useMessages((store) => store.opened.has(offset));
  const start = foldedStart(text);
  const kilobytes = formats.compact.format(bytesOf(text) / 1024);
  return (
    <>
      <p dir="auto" className={clsx("pr-2 text-sm whitespace-pre-wrap wrap-anywhere", strong && "font-medium")}>
        {start === null || open ? text : `${start}…`}
      </p>
      {start !== null && (
        <Button
          kind="link"
          size="small"
          className="-ml-2.5"
          aria-expanded={open}
          onClick={() => setOpened(offset, !open)}
        >
          {open ? t`Show less` : t`Show all (${kilobytes} kB)`}
        </Button>
      )}
    </>
  );
}
