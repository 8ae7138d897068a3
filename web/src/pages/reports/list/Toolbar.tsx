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
  const [text, setText] = useState(query.text);
  const [shown, setShown] = useState(query.text);
  // Back and forward change the address without a key being pressed here.
  if (query.text !== shown) {
    setShown(query.text);
    setText(query.text);
  }
  const words: Record<Sort, string> = {
    newest: t`Newest first`,
    oldest: t`Oldest first`,
    changed: t`Last changed first`,
    status: t`By state`,
  };
  return (
    <div role="search" className="flex gap-2">
      <TextField
        type="search"
        label={t`Search by report ID`}
        labelHidden
        placeholder={t`Report ID`}
        value={text}
        onChange={(event) => {
          const next = event.target.value.trim().toLowerCase();
          setText(event.target.value);
          setShown(next);
          onChange({ ...query, text: next });
        }}
        spellCheck={false}
        className="flex-1"
      />
      <select
        aria-label={t`Order`}
        value={query.sort}
        onChange={(event) =>
          onChange({ ...query, sort: sorts.find((sort) => sort === event.target.value) ?? "newest" })
        }
        className="h-9 max-w-[45%] min-w-0 rounded-control border border-edge bg-surface px-2 text-sm pointer-coarse:h-11 pointer-coarse:text-base"
      >
        {sorts.map((sort) => (
          <option key={sort} value={sort}>
            {words[sort]}
          </option>
        ))}
      </select>
    </div>
  );
}
