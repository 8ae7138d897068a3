// SPDX-License-Identifier: Apache-2.0
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { ChipGroup } from "#/ui/Chip";
import { SearchField } from "#/ui/SearchField";
import { type Address, type ChangeAddress, type Sort, type StateFilter, sorts } from "../store/address";
import type { View } from "./view";

interface Props {
  address: Address;
  change: ChangeAddress;
  counts: View["counts"];
}

const chips: readonly (StateFilter | "all")[] = ["all", "running", "stopped", "changing"];
const chipWords = { all: msg`All`, running: msg`Running`, stopped: msg`Stopped`, changing: msg`Changing` };
const sortWords: Record<Sort, ReturnType<typeof msg>> = {
  created: msg`Oldest first`,
  newest: msg`Newest first`,
  state: msg`By state`,
  id: msg`By id`,
};

/** The filters and the order of the instances; both are in the URL. */
export function Filters({ address, change, counts }: Props) {
  const { t } = useLingui();
  return (
    <div className="flex flex-col gap-2 px-3 pb-3">
      <div className="flex flex-wrap gap-2">
        <SearchField
          label={t`Find an instance`}
          placeholder={t`Id or name`}
          value={address.q}
          onChange={(q) => change({ q }, { replace: true })}
          className="grow-99 basis-36"
        />
        <select
          aria-label={t`Order`}
          value={address.sort}
          onChange={(event) => change({ sort: sorts.find((each) => each === event.target.value) ?? "created" })}
          className="h-9 grow field-sizing-content rounded-control border border-edge bg-surface px-2 text-sm pointer-coarse:h-11"
        >
          {sorts.map((sort) => (
            <option key={sort} value={sort}>
              {t(sortWords[sort])}
            </option>
          ))}
        </select>
      </div>
      <ChipGroup
        label={t`State`}
        chips={chips.map((chip) => ({
          key: chip,
          label: t(chipWords[chip]),
          count: counts[chip],
          on: chip === (address.state ?? "all"),
          onPress: () => change({ state: chip === "all" ? null : chip }),
        }))}
      />
    </div>
  );
}
