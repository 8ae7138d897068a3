// SPDX-License-Identifier: Apache-2.0
// The reports, as their user sees them.

import type { Locator, Page } from '@playwright/test';
import type { Address } from '../../harness/verbs.ts';
import { call } from './api_call.ts';
import { expect } from './portal.ts';

export const someUser = 'd2719b53-8a24-4c1a-9f0e-3b1f6f2f7a10';

export async function logIn(page: Page, user = someUser): Promise<void> {
    await page.getByRole('textbox', { name: 'User ID (UUID)' }).fill(user);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('heading', { name: 'Report status' })).toBeVisible();
}

export const rows = (page: Page): Locator =>
    page.getByRole('list', { name: 'Reports' }).getByRole('listitem');

export const details = (page: Page): Locator =>
    page.getByRole('group', { name: 'Details of the report' });

export const createdByApi = async (server: Address, user = someUser): Promise<string> =>
    (await call<{ id: string }>(server, 'POST', `/api/reports?user_id=${user}`)).id;

export const move = (
    server: Address,
    id: string,
    status: string,
    user = someUser,
): Promise<unknown> => call(server, 'PATCH', `/api/reports/${id}?user_id=${user}`, { status });
