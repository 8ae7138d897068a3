// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Dialog } from "#/ui/Dialog";
import { Kbd } from "#/ui/Kbd";
import { usePageKeys } from "#/ui/keys";
import { pages } from "./pages";
import { searchField } from "./searchField";

/** The list of shortcuts. */
export function KeyList({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const pageKeys = usePageKeys((store) => store.keys);
  const lettersAreText = usePageKeys((store) => store.lettersAreText);
  const [search] = useState(() => searchField() !== null);
  return (
    <Dialog title={t`Keyboard shortcuts`} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 text-sm">
        {[...pageKeys.values()].map((key) => (
          <Row key={key.keyLabel} keys={[key.keyLabel]} what={key.label} />
        ))}
        {!lettersAreText &&
          pages.map((page) => (
            <Row key={page.name} keys={["g", page.key.slice(3).toLowerCase()]} what={i18n._(page.title)} />
          ))}
        {search && <Row keys={["/"]} what={t`Search on the page`} />}
        {!lettersAreText && <Row keys={["t"]} what={t`Light or dark`} />}
        <Row keys={["Ctrl", "K"]} what={t`Find a page or a command`} />
        <Row keys={["F6"]} what={t`Next region`} />
        <Row keys={["?"]} what={t`This list`} />
      </dl>
    </Dialog>
  );
}

function Row({ keys, what }: { keys: readonly string[]; what: string }) {
  return (
    <>
      <dt className="flex gap-1">
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </dt>
      <dd>{what}</dd>
    </>
  );
}
