// SPDX-License-Identifier: Apache-2.0
// Two operators at two doors see one truth: what one does is on the other's stream at once.
import { describe, expect, test } from 'vitest';
import {
    accepted,
    askCreate,
    askRemove,
    askState,
    cloudEvents,
    list,
    nextNotice,
    settled,
    settledList,
} from '../harness/cloud.ts';
import * as commands from '../harness/cloud_commands.ts';
import * as toggle from '../harness/cloud_toggle.ts';
import { useServer } from '../harness/server.ts';
import { instantCloud } from '../harness/settings.ts';
import { type Address, request, sseAt, type SseStream, type WsClient } from '../harness/verbs.ts';

const server = useServer({ config: instantCloud });
const kChanges = 20;

type Word = 'created' | 'started' | 'stopped' | 'removed';
const kLife: Word[] = ['created', 'started', 'stopped', 'removed'];

interface Door {
    name: string;
    /** What an operator does here so that `word` comes true. */
    command(word: Word, id: string): Promise<unknown>;
    follow(): Promise<SseStream>;
    /** What an event here says has come true of which instance; undefined: nothing yet. */
    read(event: { type: string; data: string }): { word: string; id: string } | undefined;
}

const api: Door = {
    name: 'api',
    command: (word, id) =>
        word === 'created'
            ? askCreate(server)
            : word === 'removed'
              ? askRemove(server, id)
              : askState(server, id, word === 'started' ? 'running' : 'stopped'),
    follow: () => cloudEvents(server),
    read: ({ type, data }) =>
        type === 'received' ? undefined : { word: type, id: JSON.parse(data).instance.id },
};

const cloudCommands: Door = {
    name: 'cloud-commands',
    command: (word, id) =>
        word === 'created'
            ? commands.add(server)
            : word === 'removed'
              ? commands.remove(server, id)
              : commands.change(server, id, word),
    follow: () => fromNow(`${commands.kDoor}/sse`),
    read: ({ data }) => {
        const { action, instance } = JSON.parse(data);
        return action === undefined ? undefined : { word: action, id: instance.id };
    },
};

const cloudToggle: Door = {
    name: 'cloud-toggle',
    command: async (word, id) => {
        if (word === 'created' || word === 'removed') {
            const [method, query] = word === 'created' ? ['POST', ''] : ['DELETE', `?id=${id}`];
            return request(server, method as string, `${toggle.kDoor}/${query}`);
        }
        return operatorSocket.send({ id });
    },
    follow: () => fromNow(`${toggle.kDoor}/sse`),
    read: ({ data }) => {
        const { id, info } = JSON.parse(data);
        return info === 'Create command' ? undefined : { word: info.toLowerCase(), id };
    },
};

/** Of the operator at `cloud-toggle`; it is the only way to start and stop there. */
let operatorSocket: WsClient;

async function fromNow(path: string): Promise<SseStream> {
    return sseAt(server, path, { lastEventId: (await list(server)).cursor });
}

/** Five lives of an instance through `from`: how long each change takes to be on the stream of `to`. */
async function latencies(from: Door, to: Door): Promise<number[]> {
    const stream = await to.follow();
    const taken: number[] = [];
    let id = '';
    for (let change = 0; change < kChanges; change += 1) {
        const word = kLife[change % kLife.length] as Word;
        const since = performance.now();
        const answered = from.command(word, id);
        let seen = to.read(await stream.next(word));
        while (seen === undefined) {
            seen = to.read(await stream.next(word));
        }
        taken.push(performance.now() - since);
        await answered;
        expect(seen).toEqual({ word, id: word === 'created' ? seen.id : id });
        id = seen.id;
        await settled(server, id);
    }
    stream.close();
    return taken.sort((one, other) => one - other);
}

const startIt = (to: Address, id: string) => askState(to, id, 'running');
const stopIt = (to: Address, id: string) => askState(to, id, 'stopped');

/** Completes when the operation on this instance has ended. */
async function outcomeOf(stream: SseStream, id: string): Promise<void> {
    for (;;) {
        const { type, instance } = await nextNotice(stream, `an outcome of ${id}`);
        if (type !== 'received' && instance.id === id) {
            return;
        }
    }
}

describe('a change', () => {
    const doors = [api, cloudCommands, cloudToggle];
    const pairs = doors.flatMap((from) => doors.map((to) => ({ from, to })));

    test.each(pairs.map(({ from, to }) => [from.name, to.name, from, to] as const))(
        'made through %s is seen at %s',
        async (_from, _to, from, to) => {
            operatorSocket = await toggle.dial(server);
            const taken = await latencies(from, to);
            const shown = taken.map((ms) => ms.toFixed(1)).join(' ');
            console.log(`${from.name} -> ${to.name}, ms: ${shown}`);
            operatorSocket.close();
        },
    );

    test('may be relied on by whoever has heard of it', async () => {
        // Operators who give the next command the moment they hear of an outcome, which is often
        // before the shard where the instances live has seen the end of its own commit.
        const operator = async () => {
            const stream = await cloudEvents(server);
            for (let life = 0; life < 25; life += 1) {
                const { id } = await accepted(askCreate(server));
                for (const ask of [startIt, stopIt, askRemove]) {
                    await outcomeOf(stream, id);
                    await accepted(ask(server, id));
                }
                await outcomeOf(stream, id);
            }
            stream.close();
        };
        await Promise.all(Array.from({ length: 8 }, operator));
    }, 60_000);

    test('leaves the same behind at every door', async () => {
        for (const door of [api, cloudCommands, cloudToggle]) {
            await door.command('created', '');
        }
        const all = (await settledList(server)).map(({ id, state }) => ({ id, state }));
        expect(all).toHaveLength(3);
        const { json } = await request(server, 'GET', `${toggle.kDoor}/`);
        expect(json).toEqual({ data: all });
        const stream = await sseAt(server, `${commands.kDoor}/sse`);
        const cards = (await stream.take(3)).map((event) => JSON.parse(event.data).instance);
        expect(cards).toEqual(all.map(({ id }) => ({ id, state: 'Stopped' })));
        stream.close();
    });
});
