// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { Braces, Check, type LucideIcon, Server, Trash2, Waypoints } from "lucide-react";
import { useFormats } from "#/i18n/format";
import { Badge, type Tone } from "#/ui/Badge";
import { IconButton } from "#/ui/Button";
import { CopyButton } from "#/ui/copy";
import { useJustChanged } from "#/ui/justChanged";
import { isRecent, Time } from "#/ui/Time";
import type { RowProps } from "#/ui/VirtualFeed";
import { FoldedText } from "./FoldedText";
import { announcedText } from "./fold";
import { type Message, markRead, type Source } from "./inbox";
import { removeOne } from "./removal";
import { changeInbox, useMessages } from "./store";

const sources: Record<Source, { icon: LucideIcon; tone: Tone }> = {
  api: { icon: Braces, tone: "busy" },
  kafka: { icon: Waypoints, tone: "queue" },
  system: { icon: Server, tone: "idle" },
};

interface Props {
  message: Message;
  read: boolean;
  row: RowProps;
}

export function MessageRow({ message, read, row }: Props) {
  const { t } = useLingui();
  const formats = useFormats();
  const { offset, source, time, text } = message;
  const { icon, tone } = sources[source];
  const name = { api: "API", kafka: "Kafka", system: t`System` }[source];
  const stamp = formats.stamp(time);
  const spoken = announcedText(text);
  // When one is removed, the next one moves to its place.
  const hasMoved = useJustChanged(useMessages((store) => store.removing));
  return (
    <article
      {...row}
      aria-label={
        read
          ? t`Message ${offset}, ${name}, ${stamp}: ${spoken}`
          : t`Unread message ${offset}, ${name}, ${stamp}: ${spoken}`
      }
      data-unread={!read || undefined}
      className={clsx(
        "grid grid-cols-[1fr_auto] border-b border-line py-2.5 pr-2 pl-4",
        !read && "shadow-[inset_3px_0_0_var(--color-accent-fill)]",
        isRecent(time) && "animate-appear",
      )}
    >
      <div className="flex min-h-7 flex-wrap items-center gap-x-2.5 max-sm:col-span-2">
        <Badge tone={tone} icon={icon}>
          {name}
        </Badge>
        <span className="text-2xs text-soft tabular">#{offset}</span>
        <Time at={time} className="text-2xs text-soft" />
      </div>
      <span className="flex justify-self-end max-sm:order-1 max-sm:col-span-2 max-sm:-mb-1.5">
        {!read && (
          <IconButton
            size="small"
            label={t`Mark as read`}
            onClick={() => changeInbox((inbox) => markRead(inbox, offset))}
          >
            <Check className="size-3.5" aria-hidden />
          </IconButton>
        )}
        <CopyButton text={text} label={t`Copy the text`} />
        <IconButton size="small" label={t`Remove from this list`} off={hasMoved} onClick={() => removeOne(offset)}>
          <Trash2 className="size-3.5" aria-hidden />
        </IconButton>
      </span>
      <div className="col-span-2 min-w-0">
        <FoldedText message={message} strong={!read} />
      </div>
    </article>
  );
}
