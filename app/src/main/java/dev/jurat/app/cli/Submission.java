package dev.jurat.app.cli;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Sends one record, and takes nothing but its admission. */
final class Submission {
    /** The rules of admission ({@code docs/spec/lifecycle.md} §3) that somebody at the terminal can run into. */
    private static final Map<String, Words> WORDS = Map.ofEntries(
            say(
                    "approval-closed",
                    "this decision waits no longer: somebody rejected it, or it was made anew",
                    "jurat pending"),
            say(
                    "approval-duplicate",
                    "you have given your word on this decision already",
                    "what waits still: jurat pending"),
            say("decision-outcome", "this decision does not wait for people", "jurat pending"),
            say("terms-differ", "what was signed are not the terms of this decision", "look at it anew: jurat pending"),
            say(
                    "namespace-crossed",
                    "this belongs to another namespace than yours, where only an administrator may do that",
                    "jurat agent list"),
            say(
                    "role-forbidden",
                    "whoever signs has no role that allows this",
                    "the column ROLES says who may: jurat agent list"),
            say(
                    "signer-type",
                    "a key of this kind signs nothing of that sort",
                    "the column CLASS says who is what: jurat agent list"),
            say(
                    "principal-suspended",
                    "somebody who signs this, or whom it rests on, is suspended",
                    "another administrator resumes them; who it is: jurat agent list"),
            say(
                    "key-compromised",
                    "a key that this rests on was reported to be in other hands",
                    "which key that is: jurat key list NAME"),
            say(
                    "key-retired",
                    "the key that signs this is over, and another follows it",
                    "who has which key: jurat key list NAME"),
            say("key-followed", "another key follows this one already", "which: jurat key list NAME"),
            say(
                    "boundary-later",
                    "the key was reported from an earlier leaf on already",
                    "since when: jurat key list NAME"),
            say(
                    "four-eyes",
                    "this takes two administrators, neither of them the one whom it is about",
                    "enrol one more: jurat operator enroll --name ANOTHER"),
            say(
                    "overlap-invalid",
                    "the overlap of the two keys is over already, or too long",
                    "the same again: {same}"),
            say(
                    "principal-retired",
                    "it was retired, for good",
                    "another agent, under a key of its own: jurat agent enroll ANOTHER"),
            say(
                    "environment-fixed",
                    "it is of another environment, and stays so",
                    "another agent, under a key of its own: jurat agent enroll ANOTHER"),
            say("owner-unknown", "nobody answers for it but a person whom the node knows", "jurat agent list"),
            say(
                    "name-bound",
                    "this name is bound to somebody already",
                    "take it back there: jurat agent unbind --help"),
            say(
                    "evidence-not-of-body",
                    "the evidence does not show that this key is in that TPM",
                    "what it shows: jurat signer check --help"),
            say("session-suspended", "the session that it is about is suspended", "jurat agent list"),
            say(
                    "target-unknown",
                    "what it is about is not on this ledger, or not as it was signed",
                    "jurat agent list, jurat policy list or jurat search"),
            say(
                    "target-protected",
                    "nobody takes authority from the ledger, or from themselves",
                    "have another administrator do it: jurat operator enroll --name ANOTHER"),
            say("reference-unknown", "what it rests on is not on this ledger", "jurat search"),
            say("held", "what is to be erased is held", "which holds there are: jurat log hold --list"),
            say("key-reused", "this key, or whoever has it, is enrolled already", "who is enrolled: jurat agent list"),
            say("roles-invalid", "these roles do not go with this kind of principal", "jurat operator enroll --help"),
            say(
                    "already-claimed",
                    "somebody else has claimed the node meanwhile",
                    "have them enrol you, with --by: {same}"),
            say(
                    "enrolment-closed",
                    "the node is claimed meanwhile, so an administrator enrols whoever comes",
                    "have one do it: jurat agent enroll NAME"),
            say("seen-too-old", "it was signed too long ago", "the same again: {same}"),
            say("clock-backwards", "a later record of yours has seen more of the log", "the same again: {same}"),
            say("refused-before", "it refused the very same record before", "sign a new one: {same}"));

    /** Many bodies are erased before they are answered for. */
    private static final Duration TIMEOUT_OF_MANY = Duration.ofMinutes(5);

    private record Words(String text, String next) {}

    private static Map.Entry<String, Words> say(String rule, String text, String next) {
        return Map.entry(rule, new Words(text, next));
    }

    private Submission() {}

    /** Submits the record; a refusal by the ledger is a failure that names the rule. */
    static Receipt.Result one(JuratClient node, Entry entry, String next) throws NodeException {
        return one(node, entry, List.of(), next);
    }

    static Receipt.Result one(JuratClient node, Entry entry, List<byte[]> artefacts, String next) throws NodeException {
        Receipt.Result result = told(
                entry,
                () -> node.submit(List.of(entry), artefacts, NodeCommand.TIMEOUT)
                        .results()
                        .getFirst());
        return switch (result.status()) {
            case ADMITTED, PRESENT -> result;
            case REFUSED -> throw refused(result.rule(), next);
        };
    }

    /** Sends records as one group; what is refused of them, the answer says. */
    static List<Receipt.Result> all(JuratClient node, List<Entry> entries) throws NodeException {
        return told(
                entries.getFirst(),
                () -> node.submit(entries, List.of(), TIMEOUT_OF_MANY).results());
    }

    /** The same at a path of its own, whose answer says more. */
    static Json.Obj one(JuratClient node, String path, Entry entry, String next) throws NodeException {
        Json.Obj body = JsonBuilder.object().put("record", entry.toJson()).build();
        Json.Obj answer = told(entry, () -> node.post(path, body, NodeCommand.TIMEOUT));
        for (Json result : View.list(answer, "results")) {
            if (View.text(result, "status").equals("refused")) {
                throw refused(View.text(result, "rule"), next);
            }
        }
        return answer;
    }

    private interface Sending<T> {
        T send() throws NodeException;
    }

    /** Where no answer came, says that the record may be on the ledger all the same, and how to find out. */
    private static <T> T told(Entry entry, Sending<T> sending) throws NodeException {
        try {
            return sending.send();
        } catch (NodeException e) {
            throw e.status() > 0 || e.settled()
                    ? e
                    : e.told(
                            e.getMessage() + "; what was signed may have been taken all the same",
                            "look once the node answers: jurat show "
                                    + View.brief(entry.record().id().hex())
                                    + "; if no such record is there, the same again: "
                                    + Next.SAME);
        }
    }

    /** Why the ledger refused a record, in words where there are some, and what helps. */
    static Failure refused(String rule, String next) {
        Words words = WORDS.getOrDefault(
                rule, new Words("a rule of admission was broken, which docs/spec/lifecycle.md has by its code", next));
        return Failure.no(rule, "the ledger refused the record: " + words.text(), words.next());
    }
}
