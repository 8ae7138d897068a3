// SPDX-License-Identifier: Apache-2.0
import { browserStorage } from "#/settings/storage";
import { type Marks, parseMarks, stringifyMarks } from "./marks";

const userKey = "howl.messages.user";
const marksKey = (user: string) => `howl.messages.marks.${user}`;

export function savedUser(): string | null {
  return browserStorage.get(userKey);
}

export function saveUser(user: string | null): void {
  browserStorage.set(userKey, user);
}

export function savedMarks(user: string): Marks {
  return parseMarks(browserStorage.get(marksKey(user)));
}

/** Stores a user's marks in the browser and synchronizes them with its other tabs. */
export class SharedMarks {
  private readonly channel: BroadcastChannel;
  private last: string;

  constructor(
    private readonly user: string,
    onChange: (marks: Marks) => void,
  ) {
    this.last = stringifyMarks(savedMarks(user));
    this.channel = new BroadcastChannel(marksKey(user));
    this.channel.onmessage = ({ data }: MessageEvent<string>) => {
      this.last = data;
      onChange(parseMarks(data));
    };
  }

  /** Marks that came from another tab are stored already and not posted again, so two tabs do not loop. */
  save(marks: Marks): void {
    const text = stringifyMarks(marks);
    if (text !== this.last) {
      this.last = text;
      browserStorage.set(marksKey(this.user), text);
      this.channel.postMessage(text);
    }
  }

  close(): void {
    this.channel.close();
  }
}
