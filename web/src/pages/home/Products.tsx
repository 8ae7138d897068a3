// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { ArrowRight, Bell, Cloud, FileClock, type LucideIcon, MessagesSquare, PawPrint, Radio } from "lucide-react";
import { Link } from "react-router";
import { CommandLine } from "#/ui/copy";

interface Product {
  title: MessageDescriptor;
  text: MessageDescriptor;
  icon: LucideIcon;
  /** Its page in the portal. */
  to?: string;
  command: (origin: string, language: string) => string;
}

const user = "0b6f1f0e-52a5-4d1c-9a3e-3d2a8f5f7c11";

const products: readonly Product[] = [
  {
    title: msg`Chat`,
    text: msg`People, history, typing. A message is on your screen at once and is never lost.`,
    icon: MessagesSquare,
    to: "/chat",
    command: (origin) => `curl ${origin}/api/chat/rooms/lobby/members`,
  },
  {
    title: msg`Cloud`,
    text: msg`Micro instances and their worklog: every state in between, with the seconds that are left.`,
    icon: Cloud,
    to: "/cloud",
    command: (origin) => `curl -X POST ${origin}/api/cloud/instances`,
  },
  {
    title: msg`Reports`,
    text: msg`The whole life of a report: eight legal moves, attempts, who and when.`,
    icon: FileClock,
    to: "/reports",
    command: (origin) => `curl -X POST '${origin}/api/reports?user_id=${user}'`,
  },
  {
    title: msg`Wisdom`,
    text: msg`A wolf's saying every ten seconds, for those who subscribed.`,
    icon: PawPrint,
    to: "/wisdom",
    // The quotes are in the language of the page.
    command: (origin, language) => `curl -N ${origin}/api/topics/howl:wisdom${language === "ru" ? "" : "/en"}/events`,
  },
  {
    title: msg`Messages`,
    text: msg`To one user, in all of their tabs, from REST or Kafka; replayed after an absence.`,
    icon: Bell,
    to: "/messages",
    command: (origin) => `curl '${origin}/v3/message?username=demo' -d 'Howdy 🤠'`,
  },
  {
    title: msg`Your own topics`,
    text: msg`Publish to any name, follow any names: SSE, WebSocket or plain JSON, with resume.`,
    icon: Radio,
    command: (origin) => `curl -N '${origin}/api/events?topic=news&topic=weather'`,
  },
];

export function Products() {
  const { t } = useLingui();
  return (
    <ul aria-label={t`Products`} className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {products.map((door) => (
        <ProductCard key={door.title.id} door={door} />
      ))}
    </ul>
  );
}

function ProductCard({ door }: { door: Product }) {
  const { i18n, t } = useLingui();
  const Icon = door.icon;
  const title = i18n._(door.title);
  return (
    <li className="flex min-w-0 flex-col gap-2 rounded-card border border-line bg-surface p-4">
      <h2 className="flex items-center gap-2.5 text-base font-semibold">
        <Icon aria-hidden className="size-[1.125rem] text-accent" />
        {door.to ? (
          <Link
            to={door.to}
            className="group inline-flex items-center gap-1.5 hover:underline hover:underline-offset-4 pointer-coarse:-my-2 pointer-coarse:min-h-11 pointer-coarse:min-w-11"
          >
            {title}
            <ArrowRight aria-hidden className="size-4 text-soft group-hover:translate-x-0.5" />
          </Link>
        ) : (
          title
        )}
      </h2>
      <p className="flex-1 text-sm text-pretty text-soft">{i18n._(door.text)}</p>
      <CommandLine label={t`Command: ${title}`}>{door.command(window.location.origin, i18n.locale)}</CommandLine>
    </li>
  );
}
