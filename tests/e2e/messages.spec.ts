// SPDX-License-Identifier: Apache-2.0
import type { Locator, Page } from '@playwright/test';
import { call } from './harness/api_call.ts';
import { expect, test } from './harness/portal.ts';

async function become(page: Page, name: string): Promise<void> {
    await page.getByRole('textbox', { name: 'User name' }).fill(name);
    await page.getByRole('button', { name: 'Open the inbox' }).click();
    await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
    await expect(page.getByText(`Nothing for ${name} yet.`)).toBeVisible();
}

const rows = (page: Page): Locator => page.getByRole('article', { name: /^(Unread m|M)essage \d+,/ });

const unreadRows = (page: Page): Locator =>
    page.getByRole('article', { name: /^Unread message \d+,/ });

test('a message that a program posts is there, unread, and can be read', { tag: '@smoke' }, async ({
    howl,
    visit,
}) => {
    const page = await visit('/messages');
    await become(page, 'anna');
    await call(howl, 'POST', '/v3/message?username=anna', 'Howdy 🤠');
    await call(howl, 'POST', '/v3/message?username=petr', 'not for her');
    await expect(unreadRows(page)).toHaveText([/Howdy 🤠/]);
    await expect(page).toHaveTitle('(1) Messages · Howl');
    await expect(page.getByRole('link', { name: 'Messages 1 unread' })).toBeVisible();
    await page.getByRole('button', { name: 'Mark all as read' }).click();
    await expect(unreadRows(page)).toHaveCount(0);
    await expect(page).toHaveTitle('Messages · Howl');
});

test('unread messages are counted on every page of the portal', async ({ howl, visit }) => {
    const page = await visit('/messages');
    await become(page, 'anna');
    await page.getByRole('link', { name: 'Cloud' }).first().click();
    await call(howl, 'POST', '/v3/message?username=anna', 'over here');
    await expect(page.getByRole('link', { name: 'Messages 1 unread' })).toBeVisible();
});

test('two tabs of one person show the same and agree on what was read', async ({ howl, visit }) => {
    const first = await visit('/messages');
    await become(first, 'anna');
    const second = await first.context().newPage();
    await second.goto('/messages');
    await expect(second.getByText('Nothing for anna yet.')).toBeVisible();
    await call(howl, 'POST', '/v3/message?username=anna', 'to both');
    for (const tab of [first, second]) {
        await expect(unreadRows(tab)).toHaveText([/to both/]);
    }
    await first.getByRole('button', { name: 'Mark as read' }).click();
    await expect(unreadRows(second)).toHaveCount(0);
    await expect(rows(second)).toHaveCount(1);
});

test('messages that came while the user was away are under a line that says so', async ({ howl, visit }) => {
    const page = await visit('/messages');
    await become(page, 'anna');
    await call(howl, 'POST', '/v3/message?username=anna', 'seen');
    await expect(rows(page)).toHaveCount(1);
    await page.goto('about:blank');
    for (const n of [1, 2, 3]) {
        await call(howl, 'POST', '/v3/message?username=anna', `missed ${n}`);
    }
    await page.goto('/messages');
    await expect(page.getByText('3 while you were away')).toBeVisible();
    await expect(rows(page)).toHaveText([/missed 3/, /missed 2/, /missed 1/, /seen/]);
});

test('a tab that loses the network gets what it missed, once', async ({ howl, visit }) => {
    const page = await visit('/messages');
    await become(page, 'anna');
    await page.context().setOffline(true);
    await expect(page.getByText('You are offline. What you write is kept.')).toBeVisible();
    for (const n of [1, 2, 3]) {
        await call(howl, 'POST', '/v3/message?username=anna', `missed ${n}`);
    }
    await page.context().setOffline(false);
    await expect(rows(page)).toHaveText([/missed 3/, /missed 2/, /missed 1/]);
});

test('emoji, Cyrillic, right-to-left and 16 kB arrive as they were sent', async ({
    howl,
    visit,
}) => {
    const page = await visit('/messages');
    await become(page, 'anna');
    const long = 'Волк воет. 🐺 '.repeat(700);
    const texts = ['🦋🤠 👩‍👩‍👧‍👦 🏴‍☠️', 'שלום לזאב', 'Ёж — не волк', long];
    for (const text of texts) {
        await call(howl, 'POST', '/v3/message?username=anna', text);
    }
    await page.getByRole('button', { name: /^Show all/ }).click();
    for (const text of texts) {
        await expect(rows(page).getByText(text.trim(), { exact: true })).toHaveCount(1);
    }
});

test('a message can be sent to a user, and the number of its sessions is shown', async ({ visit }) => {
    const anna = await visit('/messages');
    await become(anna, 'anna');
    const petr = await visit('/messages');
    await become(petr, 'petr');
    const form = anna.getByRole('form', { name: 'Send a message' });
    await form.getByRole('textbox', { name: 'To user' }).fill('petr');
    await form.getByRole('textbox', { name: 'Message' }).fill('Come to the moon');
    await form.getByRole('textbox', { name: 'Message' }).press('Control+Enter');
    await expect(unreadRows(petr)).toHaveText([/Come to the moon/]);
    await expect(form.getByRole('status')).toContainText('delivered to 1 session');
    await expect(form.getByRole('textbox', { name: 'Message' })).toHaveValue('');
});
