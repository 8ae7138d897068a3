// SPDX-License-Identifier: Apache-2.0
// Other clients of the Kafka broker: kafkajs; kcat for the original's command.

import { spawn } from 'node:child_process';
import kafkajs from 'kafkajs';
import { kPatienceMs, Mailbox, within } from './wait.ts';

const { Kafka: Client, logLevel, Partitioners } = kafkajs;

export interface NewRecord {
    key?: string | Buffer;
    /** Null: a tombstone. */
    value: string | Buffer | null;
    headers?: Record<string, string>;
    /** Milliseconds since 1970; without it the time of writing. */
    timestamp?: string;
    /** Without it the key decides. */
    partition?: number;
}

export interface Kept {
    partition: number;
    offset: number;
    key: Buffer | null;
    /** Empty for a tombstone. */
    value: Buffer;
    isTombstone: boolean;
    headers: Record<string, string>;
}

/** Retries until a broker comes back, and logs nothing about one that is down. */
export const clientOf = (address: string) =>
    new Client({
        brokers: address.split(','),
        logLevel: logLevel.NOTHING,
        connectionTimeout: 1_000,
        requestTimeout: 5_000,
        retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 20 },
    });

/** Writes, and completes when the broker has it. */
export async function produce(
    kafka: { address: string },
    topic: string,
    ...records: NewRecord[]
): Promise<void> {
    const writer = await openWriter(kafka);
    await writer.write(topic, ...records);
    await writer.close();
}

/** A writer that stays connected. */
export interface Writer {
    write(topic: string, ...records: NewRecord[]): Promise<void>;
    close(): Promise<void>;
}

export async function openWriter(kafka: { address: string }): Promise<Writer> {
    const producer = clientOf(kafka.address).producer({
        createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return {
        write: async (topic, ...records) => {
            const messages = records.map(({ key = null, ...rest }) => ({ key, ...rest }));
            await producer.send({ topic, messages, acks: -1 });
        },
        close: () => producer.disconnect(),
    };
}

/** All records of a topic from its beginning, and new ones. */
export class TopicReader {
    readonly records = new Mailbox<Kept>();

    private constructor(private readonly consumer: kafkajs.Consumer) {}

    static async open(kafka: { address: string }, topic: string): Promise<TopicReader> {
        const groupId = `reader-${process.pid}-${Math.random()}`;
        const consumer = clientOf(kafka.address).consumer({ groupId, sessionTimeout: 6_000 });
        const reader = new TopicReader(consumer);
        await consumer.connect();
        await consumer.subscribe({ topic, fromBeginning: true });
        await consumer.run({
            eachMessage: async ({ partition, message }) => reader.put(partition, message),
        });
        return reader;
    }

    next(what = 'a record', ms = kPatienceMs): Promise<Kept> {
        return this.records.next(what, ms);
    }

    take(count: number, what = 'records', ms = kPatienceMs): Promise<Kept[]> {
        return this.records.take(count, what, ms);
    }

    async close(): Promise<void> {
        await this.consumer.disconnect();
    }

    private put(partition: number, message: kafkajs.KafkaMessage): void {
        this.records.put({
            partition,
            offset: Number(message.offset),
            key: message.key,
            value: message.value ?? Buffer.alloc(0),
            isTombstone: message.value === null,
            headers: Object.fromEntries(
                Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
            ),
        });
    }
}

/** Where each partition of a topic ends. */
export async function endsOf(kafka: { address: string }, topic: string): Promise<number[]> {
    const admin = clientOf(kafka.address).admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.disconnect();
    return ends
        .sort((one, other) => one.partition - other.partition)
        .map(({ high }) => Number(high));
}

/** Everything that a topic holds now, by partition and in its order. */
export async function wholeTopic(kafka: { address: string }, topic: string): Promise<Kept[]> {
    const ends = await endsOf(kafka, topic);
    const count = ends.reduce((sum, end) => sum + end, 0);
    const reader = await TopicReader.open(kafka, topic);
    const records = await reader.take(count, `all records of ${topic}`, 30_000);
    await reader.close();
    return records.sort(
        (one, other) => one.partition - other.partition || one.offset - other.offset,
    );
}

/** `echo LINE | kcat -P -b ... -t TOPIC`, the console producer of the original's README. */
export async function kcatLine(
    kafka: { address: string },
    topic: string,
    line: string,
): Promise<void> {
    const child = spawn('kcat', ['-P', '-b', kafka.address, '-t', topic], {
        stdio: ['pipe', 'ignore', 'inherit'],
    });
    const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
    child.stdin?.end(`${line}\n`);
    const code = await within(exited, 'kcat ends');
    if (code !== 0) {
        throw new Error(`kcat ended with ${code}`);
    }
}
