// SPDX-License-Identifier: Apache-2.0
// What the thirteen known clients of the original chat send, key order and
// white space included: the relay must not touch a byte.

export interface RelayUser {
    id: string;
    name: string;
}

export interface RelayShape {
    client: string;
    /** The frame that sends `text` as `user`. */
    frame: (user: RelayUser, text: string) => string;
}

const json = JSON.stringify;

export const relayShapes: RelayShape[] = [
    {
        client: 'the original',
        frame: (user, text) => json({ type: 'send', message: text, user }),
    },
    {
        client: 'neondoll',
        frame: (user, text) => json({ msg: text, type: 'send', user }),
    },
    {
        client: 'kos4',
        frame: ({ id }, text) => json({ type: 'send', msg: text, date: 1795254678884, userId: id }),
    },
    {
        client: 'VorobevDenis95',
        frame: ({ name }, text) =>
            json({ type: 'send', message: { text, time: '09:51 21.11.2026' }, name }),
    },
    {
        client: 'nmovchanskaya',
        frame: ({ name }, text) => json({ text, user: name, date: 1795254696717, type: 'send' }),
    },
    {
        client: 'marinaustinovich',
        frame: (user, text) =>
            json({ type: 'send', message: { text, time: '2026-11-21T09:51:46.551Z' }, user }),
    },
    {
        client: 'Nazgulius',
        frame: ({ name }, text) => json({ type: 'send', message: text, user: { name } }),
    },
    {
        client: 'chernikov-frontend',
        frame: ({ name }, text) =>
            json({ type: 'send', user: name, message: text, date: '2026-11-21T09:51:46.551Z' }),
    },
    {
        client: 'Lanoriya',
        frame: ({ name }, text) => json({ msg: text, type: 'send', user: name }),
    },
    {
        client: 'OksanaBannova',
        frame: (user, text) => json({ type: 'send', msg: text, user, created: '09:51 21.11.2026' }),
    },
    {
        client: 'Pastila-147',
        frame: (user, text) => json({ text, user, date: 1795254696717, type: 'send' }),
    },
    {
        client: 'MarkinAO',
        frame: (user, text) =>
            json({ author: user, date: '2026-11-21T09:51:46.551Z', text, type: 'send' }),
    },
    {
        client: 'DmitriyNov',
        frame: (user, text) => json({ type: 'send', text, time: 1795254696717, user }),
    },
];

interface AnyFrame {
    [member: string]: any;
}

export interface RelayReader {
    client: string;
    /** What the client puts on its page for a frame, `users` being the list it holds. */
    shows: (frame: AnyFrame, users: RelayUser[]) => string;
}

const stamp = (time: unknown) => new Date(time as string).toISOString();

/** How known clients look for a message in a frame, each by the members that it reads. */
export const relayReaders: RelayReader[] = [
    { client: 'the original', shows: ({ user, message }) => `${user.name}: ${message}` },
    { client: 'neondoll', shows: ({ user, msg }) => `${user.name}: ${msg}` },
    {
        client: 'kos4',
        shows: ({ userId, date, msg }, users) => {
            const { name } = users.filter((user) => user.id === userId)[0] as RelayUser;
            return `${name}, ${stamp(date)}: ${msg}`;
        },
    },
    { client: 'nmovchanskaya', shows: ({ user, date, text }) => `${user}  ${stamp(date)} ${text}` },
    { client: 'Nazgulius', shows: ({ user, message }) => `${user.name}: ${message}` },
    {
        client: 'chernikov-frontend',
        shows: ({ user, date, message }) => `${user}, ${stamp(date)}: ${message}`,
    },
    { client: 'Lanoriya', shows: ({ user, msg }) => `${user}: ${msg}` },
    { client: 'OksanaBannova', shows: ({ user, created, msg }) => `${user.name}, ${created}: ${msg}` },
    { client: 'Pastila-147', shows: ({ user, date, text }) => `${user.name} ${stamp(date)} ${text}` },
    {
        client: 'MarkinAO',
        shows: ({ author, date, text }) =>
            `${author.name} ${date.toLocaleString().slice(0, -3)} ${text}`,
    },
    { client: 'DmitriyNov', shows: ({ user, time, text }) => `${user.name}, ${stamp(time)}: ${text}` },
];
