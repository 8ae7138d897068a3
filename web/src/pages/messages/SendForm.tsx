// SPDX-License-Identifier: Apache-2.0
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { type SubmitEvent, useId, useState } from "react";
import { bytesOf } from "#/api/bytes";
import { useErrorWords } from "#/i18n/errors";
import { useFormats } from "#/i18n/format";
import { announce } from "#/ui/announcer";
import { Button } from "#/ui/Button";
import { QuotedText } from "#/ui/QuotedText";
import { TextField } from "#/ui/TextField";
import { useDraft } from "./draft";
import { longestText, type Receipt, type Submission, send, submissionFor } from "./sending";
import { findNameFault } from "./topicName";
import { useNameFaultText } from "./useNameFaultText";

type Outcome =
  | { kind: "none" | "sending" }
  | { kind: "sent"; to: string; receipt: Receipt }
  | { kind: "failed"; error: unknown };

/** Sends a message to a user. Unsent text stays in the form, also when the user leaves the page. */
export function SendForm({ me }: { me: string }) {
  const errorWords = useErrorWords();
  const { t } = useLingui();
  const faultText = useNameFaultText();
  const formats = useFormats();
  const { user, text } = useDraft();
  const [failed, setFailed] = useState<Submission | null>(null);
  const [outcome, setOutcome] = useState<Outcome>({ kind: "none" });
  const [submitted, setSubmitted] = useState(false);
  const field = useId();
  const to = user.trim();
  const nameFault = findNameFault(to);
  const bytes = bytesOf(text);
  const textFault =
    text === ""
      ? t`Type a message.`
      : bytes > longestText
        ? t`${formats.count(bytes)} of at most ${formats.count(longestText)} bytes`
        : null;
  const sending = outcome.kind === "sending";

  const deliver = async (submission: Submission) => {
    setOutcome({ kind: "sending" });
    try {
      const receipt = await send(submission);
      setFailed(null);
      setOutcome({ kind: "sent", to: submission.user, receipt });
      announce(t`Sent`);
      return true;
    } catch (error) {
      setFailed(submission);
      setOutcome({ kind: "failed", error });
      return false;
    }
  };
  const submit = async (event?: SubmitEvent) => {
    event?.preventDefault();
    setSubmitted(true);
    if (sending || nameFault !== null || textFault !== null) {
      return;
    }
    if (await deliver(submissionFor(to, text, failed))) {
      // Text typed while the request was running is kept.
      useDraft.setState((now) => (now.text === text ? { text: "" } : {}));
      setSubmitted(false);
    }
  };
  const test = () => void deliver(submissionFor(me, t`A test message 🐺`, failed));

  return (
    <form
      onSubmit={(event) => void submit(event)}
      className="flex flex-col gap-3 px-4 pb-4"
      aria-label={t`Send a message`}
    >
      <TextField
        label={t`To user`}
        value={user}
        onChange={(event) => useDraft.setState({ user: event.target.value })}
        error={submitted && nameFault !== null ? faultText(nameFault) : undefined}
        spellCheck={false}
        dir="auto"
      />
      <div>
        <label htmlFor={field} className="mb-1.5 block text-xs font-medium text-soft">
          <Trans>Message</Trans>
        </label>
        <textarea
          id={field}
          value={text}
          onChange={(event) => useDraft.setState({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) {
              event.preventDefault();
              void submit();
            }
          }}
          aria-invalid={submitted && textFault !== null ? true : undefined}
          aria-describedby={`${field}-note`}
          dir="auto"
          rows={3}
          className="block max-h-80 min-h-20 w-full resize-y rounded-control border border-edge bg-surface px-3 py-2 text-sm field-sizing-content aria-invalid:border-bad pointer-coarse:text-base"
        />
        <div id={`${field}-note`} aria-live="polite" className="mt-1 text-xs text-bad empty:mt-0">
          {(submitted || bytes > longestText) && textFault}
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary" off={sending} aria-keyshortcuts="Control+Enter" title="Ctrl + Enter">
          <Trans>Send</Trans>
        </Button>
        <Button onClick={test} off={sending}>
          <Trans>Send a test to me</Trans>
        </Button>
      </div>
      <div role="status" className="min-h-5 text-xs text-soft">
        {sending && <Trans>Sending…</Trans>}
        {outcome.kind === "sent" && (
          <span className="text-ok">
            <Delivered to={outcome.to} sessions={outcome.receipt.sessions} />
          </span>
        )}
        {outcome.kind === "failed" && <span className="text-bad">{errorWords(outcome.error)}</span>}
      </div>
    </form>
  );
}

function Delivered({ to, sessions }: { to: string; sessions: number }) {
  if (sessions === 0) {
    return (
      <Trans>
        Stored for <QuotedText text={to} className="font-medium" />; nobody with this name is connected now.
      </Trans>
    );
  }
  return (
    <Trans>
      Stored for <QuotedText text={to} className="font-medium" />,{" "}
      <Plural value={sessions} one="delivered to # session" other="delivered to # sessions" />.
    </Trans>
  );
}
