// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { curlLine, kafkaLine } from "./commands";
import { submissionFor } from "./sending";

describe("a line for the terminal", () => {
  it("posts to the user's inbox", () => {
    expect(curlLine("http://wolf:8080", "Аня/7", "hi")).toBe(
      "curl -d 'hi' 'http://wolf:8080/v3/message?username=%D0%90%D0%BD%D1%8F%2F7'",
    );
  });
  it("cannot be broken out of by a name", () => {
    expect(kafkaLine("o'neil; rm", "hi")).toBe(
      "echo 'o'\\''neil; rm:hi' | kafka-console-producer.sh --bootstrap-server localhost:9092 --topic v3_messages",
    );
  });
});

describe("a submission", () => {
  it("keeps its key when it is tried again, and gets a new one when it says something else", () => {
    const failed = submissionFor("anna", "hi", null);
    expect(submissionFor("anna", "hi", failed)).toBe(failed);
    expect(submissionFor("bob", "hi", failed).key).not.toBe(failed.key);
    expect(submissionFor("anna", "hi!", failed).key).not.toBe(failed.key);
    expect(submissionFor("anna", "hi", null).key).not.toBe(failed.key);
  });
});
