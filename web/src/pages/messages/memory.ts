// SPDX-License-Identifier: Apache-2.0
import { browserKeeper } from "#/settings/storage";
import { type Marks, parse, write } from "./marks";

const userKey = "howl.messages.user";
const marksKey = (user: string) => `howl.messages.marks.${user}`;

export function rememberedUser(): string | null {
  return browserKeeper.get(userKey);
}

export function rememberUser(user: string | null): void {
  browserKeeper.set(userKey, user);
}

export function rememberedMarks(user: string): Marks {
  return parse(browserKeeper.get(marksKey(user)));
}

/** Keeps a user's marks in the browser and in step with its other tabs. */
export class SharedMarks {
  private readonly channel: BroadcastChannel;
  private last: string;

  constructor(
    private readonly user: string,
    onTold: (marks: Marks) => void,
  ) {
    this.last = write(rememberedMarks(user));
    this.channel = new BroadcastChannel(marksKey(user));
    this.channel.onmessage = ({ data }: MessageEvent<string>) => {
      this.last = data;
      onTold(parse(data));
    };
  }

  /** What another tab has just said is kept there already, so two tabs never talk in circles. */
  keep(marks: Marks): void {
    const text = write(marks);
    if (text !== this.last) {
      this.last = text;
      browserKeeper.set(marksKey(this.user), text);
      this.channel.postMessage(text);
    }
  }

  close(): void {
    this.channel.close();
  }
}
