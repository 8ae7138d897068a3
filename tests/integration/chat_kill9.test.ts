// SPDX-License-Identifier: Apache-2.0
// Kill -9 for the chat: kill -9 during its traffic. Besides the writers there is one reader, who comes
// back with a token and a cursor and must have heard everything once, in order.
import { expect, test } from 'vitest';
import {
    acknowledgedEvents,
    expectInOrder,
    expectNothingLost,
    killAgainAndAgain,
    kKills,
    startWriter,
} from '../harness/acknowledgements.ts';
import { type ChatMessage, Member, wholeChat } from '../harness/chat.ts';
import { Random } from '../harness/random.ts';
import { useServer } from '../harness/server.ts';
import { eventually } from '../harness/wait.ts';

const kLanes = 6;
const kRoom = 'crash';
const server = useServer({
    config: '[chat]\nhistory_count = 1000000\nmessages_per_second = 10000\n',
});

/** Reads until it is told to stop, over every crash. */
class SteadyReader {
    readonly heard: ChatMessage[] = [];
    private stopped = false;
    private readonly done: Promise<void>;

    constructor(private member: Member) {
        this.done = this.read();
    }

    async stopAfter(count: number): Promise<void> {
        await eventually('the reader has caught up', () => this.heard.length >= count, 20_000);
        this.stopped = true;
        this.member.close();
        await this.done;
    }

    private async read(): Promise<void> {
        while (!this.stopped) {
            try {
                this.heard.push(await this.member.hear('message', 60_000));
            } catch {
                await this.comeBack();
            }
        }
    }

    private async comeBack(): Promise<void> {
        const { token, cursor } = this.member;
        while (!this.stopped) {
            try {
                this.member = await Member.rejoin(server, token, cursor, kRoom);
                this.member.cursor = cursor;
                return;
            } catch {
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
        }
    }
}

test(
    `no message is lost, doubled or reordered over ${kKills} times kill -9, for writers and a reader`,
    async () => {
        const random = new Random();
        const reader = new SteadyReader(await Member.register(server, 'Steady reader', kRoom));
        const writer = startWriter(server, 'chat_crash_writer.mjs', [kRoom, String(kLanes)]);
        await killAgainAndAgain(server, random);
        const acknowledged = acknowledgedEvents(await writer.finish());
        const kept = (await wholeChat(server, kRoom)).map(({ offset, text }) => ({
            offset,
            data: text,
        }));
        await reader.stopAfter(kept.length);
        console.log(
            `chat, kill -9: ${kKills} kills, ${acknowledged.length} acknowledged, ${kept.length} stored, seed ${random.seed}`,
        );
        expect(acknowledged.length).toBeGreaterThan(kKills * 10);
        expect(new Set(acknowledged.map((ack) => ack.epoch)).size).toBe(1);
        expectNothingLost(acknowledged, kept);
        expectInOrder(kept, kLanes);
        expect(reader.heard.map(({ offset }) => offset)).toEqual(kept.map(({ offset }) => offset));
    },
    60_000 + kKills * 8_000,
);
