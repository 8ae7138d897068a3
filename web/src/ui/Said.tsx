// SPDX-License-Identifier: Apache-2.0

/**
 * Somebody's own words inside a sentence of ours. As an element, since what is put into `<Trans>` as a string is read by
 * Lingui: a person called `<0>` would be taken for our markup.
 */
export function Said({ text, className }: { text: string; className?: string }) {
  return <bdi className={className}>{text}</bdi>;
}
