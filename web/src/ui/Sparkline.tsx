// SPDX-License-Identifier: Apache-2.0
interface Props {
  values: readonly number[];
  /** How many values fill the width; fewer begin at the right. */
  room: number;
}

const height = 24;
const width = 96;

/** A small line chart of the latest values, from zero up. Decorative: the number beside it is the information. */
export function Sparkline({ values, room }: Props) {
  const top = Math.max(1, ...values);
  const step = width / (room - 1);
  const points = values.map((value, index) => {
    const x = width - (values.length - 1 - index) * step;
    return `${x.toFixed(1)},${(height - 1.5 - (value / top) * (height - 3)).toFixed(1)}`;
  });
  return (
    <svg aria-hidden viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className="h-6 w-full text-accent">
      {points.length > 1 && (
        <>
          <polygon
            points={`${points[0]?.split(",")[0]},${height} ${points.join(" ")} ${width},${height}`}
            fill="currentColor"
            opacity="0.1"
          />
          <polyline
            points={points.join(" ")}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
          />
        </>
      )}
    </svg>
  );
}
