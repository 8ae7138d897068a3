// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { LogOut } from "lucide-react";
import { useRef, useState } from "react";
import { useFormats } from "#/i18n/format";
import { Avatar } from "#/ui/Avatar";
import { IconButton } from "#/ui/Button";
import { rowsToPrint, useIsPrinting } from "#/ui/printing";
import { chat, useChat } from "./chat";
import type { User } from "./protocol";

/** From this many people on there is a search field. */
const filterFrom = 8;
const rowHeight = 44;

/** The members of the room; the user is last and always visible. */
export function People() {
  const { t } = useLingui();
  const me = useChat((state) => state.me);
  const members = useChat((state) => state.room.members);
  const formats = useFormats();
  const [search, setSearch] = useState("");
  const others = [...members.values()]
    .filter((user) => user.id !== me?.id)
    .sort((a, b) => formats.collator.compare(a.name, b.name));
  const needle = search.trim().toLocaleLowerCase();
  const found = others.filter((user) => user.name.toLocaleLowerCase().includes(needle));
  const filtered = others.length >= filterFrom;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {filtered && (
        <input
          type="search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          placeholder={t`Find a person`}
          aria-label={t`Find a person`}
          className="mx-3 mb-2 h-9 shrink-0 rounded-control border border-edge bg-surface px-3 text-sm pointer-coarse:h-11 pointer-coarse:text-base"
        />
      )}
      <Others people={filtered ? found : others} />
      {filtered && found.length === 0 && (
        <p role="status" className="px-4 pb-3 text-xs text-soft">
          <Trans>Nobody found.</Trans>
        </p>
      )}
      {me && <Self name={me.name} />}
    </div>
  );
}

function Others({ people }: { people: readonly User[] }) {
  "use no memo"; // The virtualizer is one object that changes inside.
  const { t } = useLingui();
  const scroller = useRef<HTMLDivElement>(null);
  const printing = useIsPrinting();
  const list = useVirtualizer({
    count: people.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => people[index]?.id ?? index,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  return (
    <div ref={scroller} tabIndex={people.length > filterFrom ? 0 : -1} className="min-h-0 overflow-y-auto">
      <ul aria-label={t`Others in the room`} className="relative" style={{ height: list.getTotalSize() }}>
        {(printing ? rowsToPrint(list) : list.getVirtualItems()).map((item) => {
          const user = people[item.index];
          return user ? (
            <li
              key={item.key}
              aria-setsize={people.length}
              aria-posinset={item.index + 1}
              className="absolute inset-x-0 top-0 flex items-center gap-3 px-4"
              style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
            >
              <Avatar name={user.name} />
              <bdi title={user.name} className="truncate text-sm">
                {user.name}
              </bdi>
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}

function Self({ name }: { name: string }) {
  const { t } = useLingui();
  return (
    <div className="flex items-center gap-3 py-2 pr-2 pl-4">
      <Avatar name={name} />
      <span className="min-w-0 flex-1 text-sm">
        <span className="block font-medium text-accent">
          <Trans>You</Trans>
        </span>
        <bdi title={name} className="block truncate text-2xs text-soft">
          {name}
        </bdi>
      </span>
      <IconButton size="small" label={t`Leave and choose another nickname`} onClick={() => chat.session.leave()}>
        <LogOut aria-hidden className="size-3.5" />
      </IconButton>
    </div>
  );
}
