// SPDX-License-Identifier: Apache-2.0
import type { SafeStorage } from "#/settings/storage";

/** The user's membership of the room. */
export interface Membership {
  name: string;
  /** For rejoining as the same member; null once the server does not know it any more. */
  token: string | null;
  /** All ids that the user has had here: messages of these are the own ones. */
  ids: readonly string[];
}

const membershipKey = "howl.chat.membership";
const membershipsKey = "howl.chat.memberships";
const draftKey = "howl.chat.draft";
const nameKey = "howl.chat.name";
const idsKept = 20;
/** In one browser. */
const membershipsKept = 10;

/** What is kept over a reload: the tab's membership and draft; for other tabs the last name, and the newest memberships. */
export class ChatStorage {
  constructor(
    private readonly tab: SafeStorage,
    private readonly browser: SafeStorage,
  ) {}

  get membership(): Membership | null {
    return read<Membership | null>(this.tab, membershipKey, null);
  }
  set membership(membership: Membership | null) {
    if (membership === null) {
      this.tab.set(membershipKey, null);
    } else {
      const kept = { ...membership, ids: membership.ids.slice(-idsKept) };
      this.tab.set(membershipKey, JSON.stringify(kept));
      this.browser.set(nameKey, kept.name);
      if (kept.token !== null) {
        const others = this.shared.filter(({ name }) => folded(name) !== folded(kept.name));
        this.shared = [...others, kept].slice(-membershipsKept);
      }
    }
  }
  /** The server does not know this tab's membership any more. */
  forgetToken(): void {
    const { membership } = this;
    if (membership) {
      this.shared = this.shared.filter(({ token }) => token !== membership.token);
      this.membership = { ...membership, token: null };
    }
  }

  /** The membership by this name that a tab of this browser has or had. */
  membershipByName(name: string): Membership | null {
    return this.shared.find((memberships) => folded(memberships.name) === folded(name)) ?? null;
  }
  /** The newest last; one for each name. */
  private get shared(): readonly Membership[] {
    return read<readonly Membership[]>(this.browser, membershipsKey, []);
  }
  private set shared(memberships: readonly Membership[]) {
    this.browser.set(membershipsKey, JSON.stringify(memberships));
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

function read<T>(keeper: SafeStorage, key: string, otherwise: T): T {
  try {
    return (JSON.parse(keeper.get(key) ?? "null") as T | null) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** The form in which names are compared. */
function folded(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}
