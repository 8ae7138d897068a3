// SPDX-License-Identifier: Apache-2.0
import { setupI18n } from "@lingui/core";
import { expect, it } from "vitest";
import { ApiError } from "#/api/http";
import { describeError, words } from "./errors";
import { messages as en } from "./locales/en.po";
import { messages as ru } from "./locales/ru.po";

const inEnglish = setupI18n({ locale: "en", messages: { en } });
const inRussian = setupI18n({ locale: "ru", messages: { ru } });

it.each(Object.keys(words))("has words for %s in both languages", (code) => {
  const sentence = describeError(code, inEnglish);
  expect(sentence).toMatch(/^[A-Z].*\.$/);
  expect(sentence).not.toMatch(/^The server refused:|^Something went wrong\.$/);
  expect(describeError(code, inRussian)).toMatch(/^[А-ЯЁ].*[а-яё]/);
});
it("distinguishes a damaged record from one that could not be read", () => {
  expect(describeError("damaged", inEnglish)).toContain("It is damaged in the server's store");
  expect(describeError("read_failed", inEnglish)).toBe("The store could not be read. Try again.");
});
it.each([
  [new ApiError("of_tomorrow", 400, ""), "The server refused: of_tomorrow", "Сервер отказал: of_tomorrow"],
  ["of_tomorrow", "The server refused: of_tomorrow", "Сервер отказал: of_tomorrow"],
  [
    "http_502",
    "Something between this page and the server refused it (502). Try again later.",
    "Что-то между страницей и сервером отказало (502). Попробуйте позже.",
  ],
  [
    "closed_1008",
    "The server ended the connection (1008). Load the page again.",
    "Сервер закрыл соединение (1008). Загрузите страницу заново.",
  ],
  [new TypeError("x is undefined"), "Something went wrong.", "Что-то пошло не так."],
])("has a sentence for what it does not know: %s", (error, english, russian) => {
  expect(describeError(error, inEnglish)).toBe(english);
  expect(describeError(error, inRussian)).toBe(russian);
});
