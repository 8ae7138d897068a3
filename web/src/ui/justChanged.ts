// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";

/** The longest time between the two clicks of a double click, as systems are set up, in ms. */
const doubleClick = 500;

/**
 * Whether `value` changed within the last half second. A button that appeared with the change is off that long: the second click
 * of a double click was meant for what stood in its place before. The initial value is no change.
 */
export function useJustChanged(value: unknown): boolean {
  const [known, setKnown] = useState(value);
  useEffect(() => {
    const timer = known === value ? undefined : setTimeout(() => setKnown(value), doubleClick);
    return () => clearTimeout(timer);
  }, [known, value]);
  return known !== value;
}
