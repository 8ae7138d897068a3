// SPDX-License-Identifier: Apache-2.0

/** Quoted for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Sends a message to `user` from a terminal. */
export function curlLine(origin: string, user: string, text: string): string {
  return `curl -d ${quoted(text)} ${quoted(`${origin}/v3/message?username=${encodeURIComponent(user)}`)}`;
}

/** The same through Kafka. */
export function kafkaLine(user: string, text: string): string {
  const record = quoted(`${user}:${text}`);
  return `echo ${record} | kafka-console-producer.sh --bootstrap-server localhost:9092 --topic v3_messages`;
}
