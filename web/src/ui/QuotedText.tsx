// SPDX-License-Identifier: Apache-2.0

/**
 * A user's text inside a translated sentence. It is an element, since Lingui parses what is put into `<Trans>` as a string: a
 * user named `<0>` would be taken for markup.
 */
export function QuotedText({ text, className }: { text: string; className?: string }) {
  return <bdi className={className}>{text}</bdi>;
}
