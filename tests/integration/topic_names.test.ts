// SPDX-License-Identifier: Apache-2.0
// A topic's name may be any text; in a path it has one spelling, which URL libraries leave alone.
import { describe, expect, test } from 'vitest';
import { howl } from '../harness/cli.ts';
import { useServer } from '../harness/server.ts';
import { eventSource, expectProblem, history, request, type Reply } from '../harness/verbs.ts';

const server = useServer();

const query = (name: string, values: string[]) =>
    values.map((value) => `${name}=${encodeURIComponent(value)}`).join('&');

const post = (path: string, body: string): Promise<Reply> => request(server, 'POST', path, { body });

describe('a name of any text', () => {
    test.each([
        ['https://example.com/books/1', 'https:/%2Fexample.com/books/1'],
        ['a b/Ж', 'a%20b/%D0%96'],
        ['/a//b/', '%2Fa/%2Fb%2F'],
        ['a/../b', 'a%2F..%2Fb'],
        ['line\none\u2028two', 'line%0Aone%E2%80%A8two'],
        ['"*\\', '%22%2A%5C'],
    ])('%j is spelled %s in a path, by WHATWG URL too', async (name, spelling) => {
        const path = new URL(`/api/topics/${spelling}/events`, server.url).pathname;
        expect(path).toBe(`/api/topics/${spelling}/events`);
        const reader = await eventSource(server, `/api/events?envelope=json&${query('topic', [name])}`);
        const reply = await post(path, 'x');
        expect(reply.json).toMatchObject({ topic: name });
        expect(JSON.parse((await reader.next()).data)).toMatchObject({ topic: name, data: 'x' });
        expect((await history(server, spelling)).topic).toBe(name);
        reader.close();
    });

    test('has no second spelling', async () => {
        for (const spelling of ['%d0%96', 'a!', 'a%2Fb', 'a//b']) {
            const reply = await post(`/api/topics/${spelling}/events`, 'x');
            expectProblem(reply, 400, 'invalid_topic');
            expect(reply.json.detail).toMatch(/is spelled /);
        }
    });

    test('is given to the commands as it is, and breaks no line of theirs', async () => {
        const topic = 'cli //a\nb/Ж';
        const here = ['--url', server.url];
        expect((await howl(['publish', ...here, topic, 'hello'])).code).toBe(0);
        const read = await howl(['history', ...here, topic]);
        expect(read.out).toMatch(/^\S+ {2}cli \/\/a\\x0Ab\/Ж {2}hello\n$/);
        const json = await howl(['history', ...here, '--json', topic]);
        expect(JSON.parse(json.out)).toMatchObject({ topic, data: 'hello' });
        const listed = await howl(['topics', ...here, '--prefix', 'cli ']);
        expect(listed.out).toMatch(/^cli \/\/a\\x0Ab\/Ж +durable +1\n$/);
    });
});
