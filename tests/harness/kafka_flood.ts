// SPDX-License-Identifier: Apache-2.0
// The writer of the Kafka kill tests: numbered records for many users, whatever happens to the broker,
// and the oracle, which is Kafka's own log.

import { messageTo } from './from_kafka.ts';
import type { Kafka } from './kafka.ts';
import { type NewRecord, openWriter, wholeTopic } from './kafka_clients.ts';

export interface FloodOptions {
    users: string[];
    /** Each user gets so many records at most; an inbox keeps 1000. */
    rounds: number;
    pauseMs: number;
    /** One record in so many can't be read. */
    poisonEvery: number;
}

/** Two kinds in turn, each with a number of its own. */
function poison(number: number): Buffer {
    const text = Buffer.from(`poison ${number}`);
    return number % 2 === 0 ? text : Buffer.concat([text, Buffer.from([0x3a, 0xff])]);
}

const isPoison = (value: Buffer): boolean => value.subarray(0, 7).toString() === 'poison ';

export class Flood {
    /** Records that Kafka has confirmed; of some it may hold more than one. */
    confirmed = 0;
    private ending = false;
    private written = 0;
    private poisons = 0;
    private readonly ended: Promise<void>;

    constructor(
        private readonly kafka: Kafka,
        private readonly topic: string,
        private readonly options: FloodOptions,
    ) {
        this.ended = this.run();
    }

    /** Completes when what it was writing has been confirmed. */
    async finish(): Promise<void> {
        this.ending = true;
        await this.ended;
    }

    private async run(): Promise<void> {
        const writer = await openWriter(this.kafka);
        for (let round = 1; round <= this.options.rounds && !this.ending; round += 1) {
            const batch = this.batch(String(round));
            // A batch with an unknown outcome is sent again: a record that is twice in
            // Kafka's log is twice in the inbox.
            while (
                !(await writer.write(this.topic, ...batch).then(
                    () => true,
                    () => false,
                ))
            ) {
                await pause(50);
            }
            this.confirmed += batch.length;
            await pause(this.options.pauseMs);
        }
        await writer.close();
    }

    /** A record for each user, and poison among them. */
    private batch(message: string): NewRecord[] {
        return this.options.users.flatMap((user) => {
            this.written += 1;
            const good = messageTo(user, message);
            if (this.written % this.options.poisonEvery !== 0) {
                return [good];
            }
            this.poisons += 1;
            return [{ key: user, value: poison(this.poisons) }, good];
        });
    }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What the server has to show, by Kafka's log. */
export interface Truth {
    /** The messages of each user, in their order. */
    inboxes: Map<string, string[]>;
    /** What can't be read, in no order. */
    poisons: string[];
    records: number;
}

export async function truthOf(kafka: Kafka, topic: string): Promise<Truth> {
    const log = await wholeTopic(kafka, topic);
    const inboxes = new Map<string, string[]>();
    for (const { value } of log.filter((record) => !isPoison(record.value))) {
        const [user, message] = String(value).split(':') as [string, string];
        inboxes.set(user, [...(inboxes.get(user) ?? []), message]);
    }
    const poisons = log.filter(({ value }) => isPoison(value)).map(({ value }) => hex(value));
    return { inboxes, poisons, records: log.length };
}

/** Hexadecimal, for bytes that are no text. */
export const hex = (value: Buffer): string => value.toString('hex');
