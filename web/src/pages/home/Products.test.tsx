// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { cleanup, render } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, expect, test } from "vitest";
import { Products } from "./Products";

afterEach(cleanup);

test.each([
  ["en", "/api/topics/howl:wisdom/en/events"],
  ["ru", "/api/topics/howl:wisdom/events"],
])("the wolves' words of a page in %s are in its language", (locale, topic) => {
  i18n.loadAndActivate({ locale, messages: {} });
  const { container } = render(
    <I18nProvider i18n={i18n}>
      <MemoryRouter>
        <Products />
      </MemoryRouter>
    </I18nProvider>,
  );
  expect(container.textContent).toContain(`curl -N ${window.location.origin}${topic}`);
});
