// SPDX-License-Identifier: Apache-2.0
import type { User } from "./protocol";

/** Fetches all members of a large room, without those who leave before the answer arrives. */
export class Roster {
  /** Who left since the request was sent; null while there is none. */
  private leftMeanwhile: Set<string> | null = null;

  constructor(
    private readonly fetchMembers: () => Promise<readonly User[]>,
    private readonly onLoaded: (members: readonly User[]) => void,
  ) {}

  async load(): Promise<void> {
    const gone = new Set<string>();
    this.leftMeanwhile = gone;
    const members = await this.fetchMembers().catch(() => []);
    if (this.leftMeanwhile === gone) {
      this.leftMeanwhile = null;
    }
    this.onLoaded(members.filter((user) => !gone.has(user.id)));
  }
  left(id: string): void {
    this.leftMeanwhile?.add(id);
  }
}
