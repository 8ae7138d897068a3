// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { TextField } from "#/ui/TextField";
import { type Query, type Sort, sorts } from "../model/query";

interface Props {
  query: Query;
  onChange: (query: Query) => void;
}

/** Search and order. */
export function Toolbar({ query, onChange }: Props) {
  const { t } = useLingui();
  // While the user types, the field is ahead of the URL; otherwise it shows the URL's value.
  const [typed, setTyped] = useState<string | null>(null);
  const labels: Record<Sort, string> = {
    newest: t`Newest first`,
    oldest: t`Oldest first`,
    changed: t`Last changed first`,
    status: t`By state`,
  };
  return (
    <div role="search" className="flex flex-wrap gap-2">
      <TextField
        type="search"
        label={t`Search by report ID`}
        labelHidden
        placeholder={t`Report ID`}
        value={typed ?? query.text}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange({ ...query, text: event.target.value.trim().toLowerCase() });
        }}
        onBlur={() => setTyped(null)}
        spellCheck={false}
        className="grow-99 basis-36"
      />
      <select
        aria-label={t`Order`}
        value={query.sort}
        onChange={(event) =>
          onChange({ ...query, sort: sorts.find((sort) => sort === event.target.value) ?? "newest" })
        }
        className="h-9 grow field-sizing-content rounded-control border border-edge bg-surface px-2 text-sm pointer-coarse:h-11 pointer-coarse:text-base"
      >
        {sorts.map((sort) => (
          <option key={sort} value={sort}>
            {labels[sort]}
          </option>
        ))}
      </select>
    </div>
  );
}
