// SPDX-License-Identifier: Apache-2.0
// The broker and the server are killed in turn while records flow, one in a hundred
// of which can't be read. What stands in Kafka's log then stands in the inboxes, once and in order.
import { beforeAll, expect, test } from 'vitest';
import { fromKafka, source, untilCaughtUp } from '../harness/from_kafka.ts';
import { type Kafka, kafkaKind, useKafka } from '../harness/kafka.ts';
import { wholeTopic } from '../harness/kafka_clients.ts';
import { Flood, hex, type Truth, truthOf } from '../harness/kafka_flood.ts';
import { Random } from '../harness/random.ts';
import { type Server, useServer } from '../harness/server.ts';
import { metric, wholeHistory } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const kKills = Number(process.env['HOWL_KILLS'] ?? 5);
const kPartitions = 4;
const kTopic = 'v3_messages';
const kDeadLetters = 'v3_dead';
/** From the last return to a lag of 0; the figure (10 s on a quiet machine) is printed. Cores may be busy. */
const kRecoveryMs = 40_000;
const kFlood = {
    users: Array.from({ length: 40 }, (_, n) => `user-${n}`),
    rounds: 900,
    pauseMs: kKills * 4, // So that it lasts as long as the kills do.
    poisonEvery: 100,
};

const kafka = useKafka();
beforeAll(() => kafka.createTopics({ [kTopic]: kPartitions, [kDeadLetters]: 1 }));
const server = useServer({
    config: () =>
        fromKafka(kafka) + source({ topic: kTopic, flow: 'inbox', dead_letters: kDeadLetters }),
});
beforeAll(() => untilCaughtUp(server, kPartitions), 40_000);

/** At a random moment, and up again after another. The mock cluster would forget its records. */
async function killOne(kill: number, random: Random): Promise<void> {
    const victim: Kafka | Server = kafkaKind === 'real' && kill % 2 === 0 ? kafka : server;
    await new Promise((resolve) => setTimeout(resolve, random.between(300, 2_000)));
    await victim.kill9();
    await new Promise((resolve) => setTimeout(resolve, random.between(0, 500)));
    await victim.start();
}

async function expectInboxes({ inboxes }: Truth): Promise<void> {
    expect([...inboxes.keys()].sort()).toEqual([...kFlood.users].sort());
    for (const [user, messages] of inboxes) {
        // Kafka's lag is as old as the last statistics; a record that came since may be on its way.
        await eventually(`all of ${user} has come`, async () => {
            const { length } = await wholeHistory(server, `howl:inbox/v3/${user}`);
            return length >= messages.length;
        });
        const kept = await wholeHistory(server, `howl:inbox/v3/${user}`);
        expect(
            kept.map(({ data }) => data),
            user,
        ).toEqual(messages);
    }
}

/** Each at least once: a crash may come between the letter and the place behind its record. */
async function expectDeadLetters({ poisons }: Truth): Promise<void> {
    const letters = (await wholeTopic(kafka, kDeadLetters)).map(({ value }) => hex(value));
    expect([...new Set(letters)].sort()).toEqual([...new Set(poisons)].sort());
}

test(
    `every record arrives once and in order over ${kKills} kills, with 1 % poison among them`,
    async () => {
        const random = new Random();
        const flood = new Flood(kafka, kTopic, kFlood);
        for (let kill = 0; kill < kKills; kill += 1) {
            await killOne(kill, random);
        }
        const since = performance.now();
        await flood.finish();
        await untilCaughtUp(server, kPartitions, kRecoveryMs);
        const recoveryMs = Math.round(performance.now() - since);

        const truth = await truthOf(kafka, kTopic);
        console.log(
            `Kafka (${kafka.kind}): ${kKills} kills, ${truth.records} records, ${flood.confirmed} confirmed, ${truth.poisons.length} poison, caught up after ${recoveryMs} ms, ${await metric(server, 'howl_kafka_repeated_records_total')} repeated, seed ${random.seed}`,
        );
        expect(truth.records).toBeGreaterThanOrEqual(flood.confirmed);
        expect(truth.poisons.length).toBeGreaterThan(0);
        await expectInboxes(truth);
        await expectDeadLetters(truth);
    },
    60_000 + kKills * 30_000,
);
