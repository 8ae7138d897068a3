// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { CommandLine } from "#/ui/copy";

interface CompatEndpoint {
  name: string;
  text: MessageDescriptor;
  command: (origin: string) => string;
}

const user = "0b6f1f0e-52a5-4d1c-9a3e-3d2a8f5f7c11";

const endpoints: readonly CompatEndpoint[] = [
  { name: "/v1", text: msg`A greeting every 15 s.`, command: (origin) => `curl -N '${origin}/v1/sse?username=demo'` },
  { name: "/v2", text: msg`Messages to one user.`, command: (origin) => `curl -N '${origin}/v2/sse?username=demo'` },
  {
    name: "/v3",
    text: msg`The same, and from Kafka.`,
    command: (origin) => `curl -N '${origin}/v3/sse?username=demo'`,
  },
  { name: "/v4", text: msg`The status of reports.`, command: (origin) => `curl -N '${origin}/v4/sse?user_id=${user}'` },
  {
    name: "cloud-commands",
    text: msg`The cloud dashboard's first protocol.`,
    command: (origin) => `curl -N ${origin}/compat/cloud-commands/sse`,
  },
  {
    name: "cloud-toggle",
    text: msg`The cloud dashboard's second protocol.`,
    command: (origin) => `curl -N ${origin}/compat/cloud-toggle/sse`,
  },
  {
    name: "chat-relay",
    text: msg`The chat's registration; the rest is a WebSocket on the same path.`,
    command: (origin) =>
      `curl ${origin}/compat/chat-relay/new-user -H 'Content-Type: application/json' -d '{"name":"Petr"}'`,
  },
  {
    name: "/api/openapi.json",
    text: msg`The whole API, for your tools.`,
    command: (origin) => `curl ${origin}/api/openapi.json`,
  },
];

/** The endpoints that implement other systems' protocols, and the OpenAPI document. */
export function CompatEndpoints() {
  const { i18n, t } = useLingui();
  return (
    <details className="group rounded-card border border-line bg-surface">
      <summary className="rounded-card px-4 py-3 text-sm font-medium">
        <Trans>More endpoints: the protocols of the systems that Howl replaces</Trans>
      </summary>
      <ul className="grid gap-x-6 gap-y-4 px-4 pb-4 lg:grid-cols-2">
        {endpoints.map((door) => (
          <li key={door.name} className="min-w-0">
            <p className="mb-1 text-xs text-soft">
              <span className="font-mono font-medium text-ink">{door.name}</span> {i18n._(door.text)}
            </p>
            <CommandLine label={t`Command: ${door.name}`}>{door.command(window.location.origin)}</CommandLine>
          </li>
        ))}
      </ul>
    </details>
  );
}
