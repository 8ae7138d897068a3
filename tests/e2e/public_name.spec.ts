// SPDX-License-Identifier: Apache-2.0
// The portal under a host name, as behind a proxy.
import type { Page } from '@playwright/test';
import type { Server } from '../harness/server_process.ts';
import { composer } from './harness/chat.ts';
import { expect, test, type Visit } from './harness/portal.ts';

const visitByName = (visit: Visit, howl: Server, path: string): Promise<Page> =>
    visit(path, { baseURL: `http://howl.example.com:${howl.port}` });

test.describe('a name that the server does not know as its own', () => {
    test.use({ config: '[server]\nhosts = ["*"]\n' });

    test('is shown before joining the chat, with the setting that corrects it', async ({ howl, visit }) => {
        const page = await visitByName(visit, howl, '/chat');
        await page.getByRole('textbox', { name: 'Nickname' }).fill('Anna');
        await page.keyboard.press('Enter');
        await expect(page.locator('dialog form')).toContainText(
            'The server does not know howl.example.com as a name of its own',
        );
        await expect(page.locator('dialog form')).toContainText('add it to hosts in the section [server]');
    });

    test('is named on the wisdom page, and by a command', async ({ howl, visit }) => {
        const page = await visitByName(visit, howl, '/wisdom');
        await expect(page.locator('[data-banner="blocked"]')).toContainText('howl.example.com');
        await page.goto('/cloud');
        await page.getByRole('button', { name: 'Create new instance' }).first().click();
        await expect(page.locator('body')).toContainText('add it to hosts in the section [server]');
    });
});

test.describe('a name that is listed in server.hosts, and nowhere else', () => {
    test.use({ config: '[server]\nhosts = ["howl.example.com"]\n[cloud]\noperation_time = "300ms"\n' });

    test('is as good as the address', async ({ howl, visit }) => {
        const page = await visitByName(visit, howl, '/chat');
        await page.getByRole('textbox', { name: 'Nickname' }).fill('Anna');
        await page.keyboard.press('Enter');
        await expect(page.locator('dialog')).toHaveCount(0);
        await composer(page).fill('hello');
        await page.keyboard.press('Enter');
        await expect(page.getByText('hello')).toBeVisible();
        await page.goto('/cloud');
        await page.getByRole('button', { name: 'Create new instance' }).first().click();
        await expect(page.getByRole('list', { name: 'Instances' }).getByRole('listitem')).toHaveCount(1);
        await expect(page.getByRole('group', { name: 'Connection' })).toHaveText(/^Live/);
    });
});
