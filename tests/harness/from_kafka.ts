// SPDX-License-Identifier: Apache-2.0
// The server's Kafka configuration and its metrics.

import type { NewRecord } from './kafka_clients.ts';
import { type Address, metric } from './verbs.ts';
import { eventually } from './wait.ts';

/** `[kafka]` with a broker that is up when the server starts; `more` are settings of that table. */
export const fromKafka = (kafka: { address: string }, more = ''): string =>
    `[kafka]\nbrokers = "${kafka.address}"\n${more}\n`;

/** A `[[kafka.source]]`; the built-in ones are gone when there is one. */
export const source = (settings: Record<string, string>): string =>
    ['[[kafka.source]]', ...Object.entries(settings).map(([key, value]) => `${key} = "${value}"`)]
        .join('\n')
        .concat('\n');

/** Completes when the server has so many partitions and has caught up with them. */
export async function untilCaughtUp(
    server: Address,
    partitions: number,
    ms = 30_000,
): Promise<void> {
    await eventually(
        `${partitions} partitions without a lag`,
        async () =>
            (await metric(server, 'howl_kafka_partitions')) === partitions &&
            (await metric(server, 'howl_kafka_lag_records')) === 0 &&
            (await metric(server, 'howl_kafka_in_work_records')) === 0,
        ms,
    );
}

export const poisonCount = (server: Address): Promise<number> =>
    metric(server, 'howl_kafka_poison_records_total');

/** `username:message`, in the partition of that user. */
export const messageTo = (user: string, message: string): NewRecord => ({
    key: user,
    value: `${user}:${message}`,
});

/** The sixteen bytes that the original's server has for a record's key. */
export const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

/** A move as the original's server writes it: no spaces. */
export const moveOf = (id: string, status: string): NewRecord => ({
    key: bytesOf(id),
    value: `{"id":"${id}","status":"${status}"}`,
});
