// SPDX-License-Identifier: Apache-2.0
import { howl as command } from '../harness/cli.ts';
import { updateReportStatus } from '../harness/status_script.ts';
import { call } from './harness/api_call.ts';
import { expect, test } from './harness/portal.ts';
import { details, logIn, createdByApi, move, rows, someUser } from './harness/reports.ts';

test('a report is created and its moves are shown live, whoever makes them', { tag: '@smoke' }, async ({
    howl,
    visit,
}) => {
    const page = await visit('/reports');
    await logIn(page);
    await page.getByRole('button', { name: 'Create new report' }).click();
    await expect(rows(page)).toHaveText([/pending/]);
    const [report] = await call<{ id: string }[]>(howl, 'GET', `/api/reports?user_id=${someUser}`);
    const id = report?.id ?? '';
    const byCommand = await command(['reports', 'set-status', '--url', howl.url, someUser, id, 'queued']);
    expect(byCommand.err).toBe('');
    await expect(rows(page)).toHaveText([/queued/]);
    await updateReportStatus(howl.url, someUser, id, 'processing');
    await expect(rows(page)).toHaveText([/processing/]);
    await move(howl, id, 'completed');
    await expect(rows(page)).toHaveText([/completed/]);
    await rows(page).getByRole('link').click();
    await expect(details(page)).toContainText('A completed report is final.');
    await expect(details(page).getByRole('button', { name: /Cancel|Retry/ })).toHaveCount(0);
});

test('what is no UUID is explained beside the field', async ({ visit }) => {
    const page = await visit('/reports');
    const field = page.getByRole('textbox', { name: 'User ID (UUID)' });
    await field.fill('grey wolf');
    await field.press('Enter');
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(/must be a UUID/);
    await expect(field).toBeFocused();
    await page.getByRole('button', { name: 'Generate' }).click();
    await expect(field).toHaveValue(/^[0-9a-f-]{36}$/);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByText('You have no reports yet.')).toBeVisible();
});

test('the map shows where a report is, and every attempt is kept', async ({ howl, visit }) => {
    const id = await createdByApi(howl);
    const page = await visit('/reports');
    await logIn(page);
    await page.goto(`/reports/${id}`);
    const here = details(page)
        .getByRole('list', { name: 'Path through the states' })
        .locator('[aria-current="step"]');
    for (const status of ['queued', 'processing', 'failed']) {
        await move(howl, id, status);
        await expect(here).toContainText(status);
    }
    await expect(details(page).getByRole('region', { name: 'Failure' })).toContainText('Attempt 1 failed');
    await details(page).getByRole('button', { name: 'Retry the report' }).click();
    await expect(here).toContainText('pending');
    const attempts = details(page).getByRole('combobox', { name: 'Attempt' });
    await expect(attempts).toHaveValue('2');
    await attempts.selectOption('1');
    await expect(here).toContainText('failed');
    await expect(
        details(page).getByRole('list', { name: 'History' }).getByRole('listitem'),
    ).toHaveText([/pending/, /queued/, /processing/, /failed/]);
});

test('a worker can be simulated by hand', async ({ howl, visit }) => {
    const id = await createdByApi(howl);
    const page = await visit('/reports');
    await logIn(page);
    await rows(page).getByRole('link').click();
    await expect(page).toHaveURL(`/reports/${id}`);
    await details(page).getByText('Simulate a worker').click();
    for (const status of ['queued', 'processing', 'completed']) {
        await details(page).getByRole('button', { name: `Move to “${status}”` }).click();
        await expect(rows(page)).toHaveText([new RegExp(status)]);
    }
    await expect(details(page).getByText('Simulate a worker')).toBeHidden();
});

test('a move that has become impossible is explained, and is not shown as done', async ({
    howl,
    visit,
}) => {
    const id = await createdByApi(howl);
    const page = await visit('/reports');
    await logIn(page);
    await rows(page).getByRole('link').click();
    // A worker is faster than the click.
    await page.route(`**/api/reports/${id}?**`, async (route) => {
        if (route.request().method() === 'PATCH') {
            await move(howl, id, 'queued');
            await move(howl, id, 'processing');
        }
        await route.continue();
    });
    await details(page).getByRole('button', { name: 'Cancel the report' }).click();
    await expect(page.getByRole('region', { name: 'Notices' })).toContainText(
        'can no longer be canceled: it is “processing” by now.',
    );
    await expect(rows(page)).toHaveText([/processing/]);
});

for (const where of ['in the list', 'in the details']) {
    test(`a second click on cancel, ${where}, meets no retry; undo is asked for by itself`, async ({
        howl,
        visit,
    }) => {
        await createdByApi(howl);
        const page = await visit('/reports');
        await logIn(page);
        await rows(page).getByRole('link').click();
        const part = where === 'in the list' ? rows(page) : details(page);
        const cancel = part.getByRole('button', { name: /^Cancel/ });
        const box = await cancel.boundingBox();
        const at = { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
        const patches: string[] = [];
        page.on('request', (request) => {
            if (request.method() === 'PATCH') {
                patches.push(request.postData() ?? '');
            }
        });
        await page.mouse.dblclick(at.x, at.y);
        await expect(rows(page)).toHaveText([/canceled/]);
        // The same place once more, now that the answer is there.
        await page.mouse.click(at.x, at.y);
        await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).click();
        await expect(rows(page)).toHaveText([/pending.*attempt 2/]);
        expect(patches).toEqual(['{"status":"canceled"}', '{"status":"pending"}']);
    });
}

test('a cancel by keyboard leaves the focus in its row', async ({ howl, visit }) => {
    await createdByApi(howl);
    const page = await visit('/reports');
    await logIn(page);
    await rows(page).getByRole('button', { name: /^Cancel report/ }).press('Enter');
    await expect(rows(page)).toHaveText([/canceled/]);
    await expect(rows(page).getByRole('link')).toBeFocused();
});

test('states are filters that are in the URL', async ({ howl, visit }) => {
    const ids = [await createdByApi(howl), await createdByApi(howl), await createdByApi(howl)];
    await move(howl, ids[0] ?? '', 'queued');
    const page = await visit('/reports');
    await logIn(page);
    await expect(rows(page)).toHaveCount(3);
    await page.getByRole('group', { name: 'Show states' }).getByRole('button', { name: /^queued/ }).click();
    await expect(rows(page)).toHaveCount(1);
    await page.reload();
    await expect(rows(page)).toHaveText([/queued/]);
    await page.goBack();
    await expect(rows(page)).toHaveCount(3);
});

test('a restart of the server loses no move', async ({ howl, visit }) => {
    const id = await createdByApi(howl);
    const page = await visit('/reports');
    await logIn(page);
    await expect(rows(page)).toHaveText([/pending/]);
    await howl.kill9();
    await howl.start();
    await move(howl, id, 'queued');
    await expect(rows(page)).toHaveText([/queued/], { timeout: 30_000 });
});
