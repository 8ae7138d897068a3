// SPDX-License-Identifier: Apache-2.0
import type { User } from "./protocol";

/** Asks for all members of a large room; who leaves while the answer is on its way is not put back by it. */
export class Roster {
  /** Who left since the members were asked for; null while nobody asks. */
  private gone: Set<string> | null = null;

  constructor(
    private readonly members: () => Promise<readonly User[]>,
    private readonly tell: (members: readonly User[]) => void,
  ) {}

  async ask(): Promise<void> {
    const gone = new Set<string>();
    this.gone = gone;
    const members = await this.members().catch(() => []);
    if (this.gone === gone) {
      this.gone = null;
    }
    this.tell(members.filter((user) => !gone.has(user.id)));
  }
  left(id: string): void {
    this.gone?.add(id);
  }
}
