// SPDX-License-Identifier: Apache-2.0
// What people do in the chat.

import type { Locator, Page } from '@playwright/test';
import type { Address } from '../../harness/verbs.ts';
import { expect } from './portal.ts';

export const nicknameDialog = (page: Page): Locator =>
    page.getByRole('dialog', { name: 'Choose a nickname' });

export const nicknameField = (page: Page): Locator =>
    nicknameDialog(page).getByRole('textbox', { name: 'Nickname' });

export const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Message' });

export const messages = (page: Page): Locator =>
    page.getByRole('log', { name: 'Messages' }).getByRole('article');

/** The message whose text is, or ends in, `text`. */
export const message = (page: Page, text: RegExp): Locator =>
    page.getByRole('log', { name: 'Messages' }).getByRole('article', { name: text });

export const others = (page: Page): Locator =>
    page.getByRole('list', { name: 'Others in the room' }).getByRole('listitem');

export async function enter(page: Page, name: string): Promise<void> {
    await nicknameField(page).fill(name);
    await nicknameDialog(page).getByRole('button', { name: 'Continue' }).click();
    await expect(nicknameDialog(page)).toBeHidden();
}

export async function say(page: Page, text: string): Promise<void> {
    await composer(page).fill(text);
    await composer(page).press('Enter');
}

/** The texts that are shown, oldest first; what is being sent among them. */
export const shownTexts = (page: Page): Promise<string[]> =>
    messages(page).evaluateAll((articles) =>
        articles.map((article) => (article.getAttribute('aria-label') ?? '').replace(/^.*?: /s, '')),
    );

/** Nothing is under way any more: the server has acknowledged all that is shown. */
export async function expectAllStored(page: Page): Promise<void> {
    await expect(page.locator('article:not([data-message="stored"])')).toHaveCount(0);
}

/** Somebody is in the room, from outside, until their socket closes. */
export async function member(server: Address, name: string): Promise<WebSocket> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/chat/rooms/lobby/ws`);
    await new Promise<void>((resolve, reject) => {
        socket.onopen = () => socket.send(JSON.stringify({ type: 'register', name }));
        socket.onmessage = ({ data }) => {
            const { type } = JSON.parse(String(data)) as { type: string };
            if (type === 'snapshot') {
                resolve();
            } else if (type !== 'registered') {
                reject(new Error(`${name}: ${data}`));
            }
        };
        socket.onerror = () => reject(new Error(`${name}: no connection`));
    });
    return socket;
}

/** A member from outside says `texts`, each acknowledged before the next, and leaves. */
export async function sendFromOutside(server: Address, name: string, texts: string[]): Promise<void> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/chat/rooms/lobby/ws`);
    const left = [...texts];
    const next = () => {
        const text = left.shift();
        socket.send(
            JSON.stringify(
                text === undefined
                    ? { type: 'leave' }
                    : { type: 'send', id: `outside-${left.length}`, text },
            ),
        );
    };
    await new Promise<void>((resolve, reject) => {
        socket.onopen = () => socket.send(JSON.stringify({ type: 'register', name }));
        socket.onmessage = ({ data }) => {
            const { type, code } = JSON.parse(String(data)) as { type: string; code?: string };
            if (type === 'snapshot' || type === 'ack') {
                next();
            } else if (type === 'left') {
                resolve();
            } else if (type === 'refused' || type === 'error') {
                reject(new Error(`${name}: ${code}`));
            }
        };
        socket.onerror = () => reject(new Error(`${name}: no connection`));
    });
}
