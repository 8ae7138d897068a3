// SPDX-License-Identifier: Apache-2.0
import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { ArrowUp } from "lucide-react";

/** Positioned over the list, so that it moves nothing. */
export function NewRows({ count, onShow }: { count: number; onShow: () => void }) {
  const { t } = useLingui();
  return (
    <button
      type="button"
      onClick={onShow}
      className="absolute -top-3 left-1/2 z-10 inline-flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full bg-accent-fill px-3.5 text-xs font-medium text-on-accent tabular-nums hover:brightness-95 pointer-coarse:h-11"
    >
      <ArrowUp aria-hidden className="size-3.5" />
      {t`${plural(count, { one: "# new", other: "# new" })}`}
    </button>
  );
}
