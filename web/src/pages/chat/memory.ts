// SPDX-License-Identifier: Apache-2.0
import type { Keeper } from "#/settings/storage";

/** Who this tab is in the chat. */
export interface Membership {
  name: string;
  /** Brings the member back; null once the server does not know it any more. */
  token: string | null;
  /** All ids this tab has had: what they wrote is "mine". */
  ids: readonly string[];
}

const membershipKey = "howl.chat.membership";
const draftKey = "howl.chat.draft";
const nameKey = "howl.chat.name";
const idsKept = 20;

/** What outlives a reload: the tab's membership and draft, and the last name for other tabs. */
export class Memory {
  constructor(
    private readonly tab: Keeper,
    private readonly browser: Keeper,
  ) {}

  get membership(): Membership | null {
    try {
      return JSON.parse(this.tab.get(membershipKey) ?? "null") as Membership | null;
    } catch {
      return null;
    }
  }
  set membership(membership: Membership | null) {
    if (membership === null) {
      this.tab.set(membershipKey, null);
    } else {
      const ids = membership.ids.slice(-idsKept);
      this.tab.set(membershipKey, JSON.stringify({ ...membership, ids }));
      this.browser.set(nameKey, membership.name);
    }
  }

  /** The name that was used last in this browser. */
  get lastName(): string {
    return this.browser.get(nameKey) ?? "";
  }

  get draft(): string {
    return this.tab.get(draftKey) ?? "";
  }
  set draft(text: string) {
    this.tab.set(draftKey, text);
  }
}
