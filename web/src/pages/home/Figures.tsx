// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { Pause, Play } from "lucide-react";
import { useState } from "react";
import { useFormats } from "#/i18n/format";
import { useConnections } from "#/live/connections";
import { IconButton } from "#/ui/Button";
import { Sparkline } from "#/ui/Sparkline";
import { ratesOf, useStats } from "./stats";

const room = 60;

/** The server's figures, pushed once a second. They are dimmed while the stream is down. */
export function Figures() {
  const { t } = useLingui();
  const formats = useFormats();
  const latest = useStats((store) => store.samples);
  /** The samples shown while paused (WCAG 2.2.2). */
  const [paused, setPaused] = useState<typeof latest | null>(null);
  const samples = paused ?? latest;
  const live = useConnections((store) => store.statuses.stream?.state === "live");
  const last = samples.at(-1);
  const published = ratesOf(samples, "published");
  const delivered = ratesOf(samples, "delivered");
  const whole = (value: number | undefined) => (value === undefined ? "–" : formats.count(Math.round(value)));
  return (
    <section aria-label={t`The server now`}>
      <dl
        className={clsx(
          "grid grid-cols-2 gap-3 *:last:col-span-2 lg:grid-cols-5 lg:*:last:col-span-1",
          last && !live && "opacity-80",
        )}
      >
        <Figure
          name={t`Connections`}
          value={whole(last?.connections)}
          values={samples.map((each) => each.connections)}
        />
        <Figure name={t`Streams`} value={whole(last?.streams)} values={samples.map((each) => each.streams)} />
        <Figure name={t`Topics`} value={whole(last?.topics)} values={samples.map((each) => each.topics)} />
        <Figure name={t`In`} value={whole(published.at(-1))} unit={t`events/s`} values={published} />
        <Figure name={t`Out`} value={whole(delivered.at(-1))} unit={t`events/s`} values={delivered} />
      </dl>
      <p className="mt-2 flex min-h-7 items-center gap-2 text-xs text-soft tabular-nums pointer-coarse:min-h-11">
        {last && (
          <IconButton
            size="small"
            label={paused ? t`Resume the figures` : t`Pause the figures`}
            onClick={() => setPaused(paused ? null : latest)}
          >
            {paused ? <Play aria-hidden className="size-3.5" /> : <Pause aria-hidden className="size-3.5" />}
          </IconButton>
        )}
        {last && (
          <Trans>
            Up for {formats.duration(last.uptimeSeconds * 1000)}, {formats.count(last.published)} events taken,{" "}
            {formats.count(last.delivered)} delivered. Pushed once a second, on the one stream of all your tabs.
          </Trans>
        )}
      </p>
    </section>
  );
}

interface FigureProps {
  name: string;
  value: string;
  unit?: string;
  values: readonly number[];
}

function Figure({ name, value, unit, values }: FigureProps) {
  return (
    <div className="rounded-card border border-line bg-surface px-4 pt-3 pb-3">
      <dt className="text-xs text-soft">{name}</dt>
      <dd>
        <span className="flex items-baseline gap-1.5">
          <span className="text-xl font-semibold tracking-tight tabular-nums">{value}</span>
          {unit && <span className="text-xs text-soft">{unit}</span>}
        </span>
        <Sparkline values={values} room={room} />
      </dd>
    </div>
  );
}
