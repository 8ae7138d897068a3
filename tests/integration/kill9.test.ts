// SPDX-License-Identifier: Apache-2.0
// Kill -9 while many publish.
import { expect, test } from 'vitest';
import {
    acknowledgedEvents,
    expectInOrder,
    expectNothingLost,
    killAgainAndAgain,
    kKills,
    startWriter,
} from '../harness/acknowledgements.ts';
import { Random } from '../harness/random.ts';
import { useServer } from '../harness/server.ts';
import { longHistory } from '../harness/settings.ts';
import { publish, wholeHistory } from '../harness/verbs.ts';

const kLanes = 8;
const kTopic = 'archive/crash';
const server = useServer({ config: longHistory });

test(
    `nothing acknowledged is lost, doubled or reordered over ${kKills} times kill -9`,
    async () => {
        const random = new Random();
        const first = await publish(server, kTopic, 'first');
        const writer = startWriter(server, 'crash_writer.mjs', [kTopic, String(kLanes)]);
        await killAgainAndAgain(server, random);
        const acknowledged = acknowledgedEvents(await writer.finish());
        const kept = await wholeHistory(server, kTopic);
        console.log(
            `kill -9: ${kKills} kills, ${acknowledged.length} acknowledged, ${kept.length} stored, seed ${random.seed}`,
        );
        expect(acknowledged.length).toBeGreaterThan(kKills * 10);
        expect(new Set(acknowledged.map((ack) => ack.epoch))).toEqual(new Set([first.epoch]));
        expectNothingLost(acknowledged, kept);
        expectInOrder(kept, kLanes);
    },
    30_000 + kKills * 8_000,
);
