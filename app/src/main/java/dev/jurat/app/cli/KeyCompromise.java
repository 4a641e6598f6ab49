package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CompromiseDetails;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SuccessionFacts.Compromise;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "compromise",
        description = {
            "Reports that a key is in other hands: from its record on, neither the key nor any session that it opened signs anything more.",
            "What it had touched goes into the record. Contracts in force for its sessions, or on its approval, are revoked. With --since, which takes a second",
            "administrator, all that rests on the key from that leaf on is shown as suspect, and the keys that it was rotated to since are reported too."
        })
final class KeyCompromise extends NodeCommand {
    private static final int NOTE_BYTES_MAX = 1 << 16;
    /** Without a boundary the report lists what is new: it must not wait until a long log was read. */
    private static final long LISTED_LEAVES = 200_000;

    @Parameters(
            paramLabel = "NAME",
            description = "An agent's or a person's name, a principal id, or: point (this folder's).")
    String name = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Which of its keys (default: each that opens sessions or signs).")
    Optional<String> key = Optional.empty();

    @Option(
            names = "--since",
            paramLabel = "LEAF|TIME",
            description = {
                "The first leaf that the key may have been misused at, as in: jurat search, jurat log list. A time, such as 3d or 2026-11-21T14:00:00Z, is taken for",
                "the first leaf that may have come then, by the log's own clock."
            })
    Optional<LeafOrTime> since = Optional.empty();

    @Option(names = "--with", paramLabel = "NAME", description = "The second administrator, who signs a boundary too.")
    Optional<String> with = Optional.empty();

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; kept in the record's body.")
    String reason = "";

    @Option(names = "--as", paramLabel = "NAME", description = "Whose key signs (default: the only one here).")
    Optional<String> as = Optional.empty();

    /** What was reported, and what was found of it. */
    private record Reported(String key, RecordId record, TouchedPages before, TouchedPages meanwhile) {}

    @Override
    Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        Input.reason(reason);
        if (since.isPresent() != with.isPresent()) {
            throw Failure.input(
                    "four-eyes",
                    "a boundary before the report takes a second administrator, and without one there is none",
                    "give both --since and --with NAME, or neither");
        }
        long size = node.head().size();
        Optional<Long> boundary = since.isPresent() ? Optional.of(since.get().leaf(node)) : Optional.empty();
        requireBefore(boundary, size);
        since.ifPresent(typed -> typed.show(screen, boundary.orElseThrow()));
        Json found = Principals.find(this, node, name);
        List<String> asked = key.map(List::of).orElseGet(() -> usable(found));
        List<Person> people = with.isPresent()
                ? TwoPeople.unlock(this, node, as, with.get())
                : List.of(Person.unlock(this, node, as));
        List<Reported> all = new ArrayList<>();
        for (String one : asked) {
            // The report of a key before it may have reached this one.
            if (key.isPresent()
                    || usable(Principals.find(this, node, View.text(found, "principal")))
                            .contains(one)) {
                all.add(report(node, people, View.text(found, "principal"), one, boundary, size));
            }
        }
        List<RecordId> revoked = revoke(node, people.getFirst(), live(node, found, all));
        return told(screen, all, revoked);
    }

    /** The keys that open sessions still, or sign: where one follows another, both may for a time. */
    private static List<String> usable(Json principal) {
        return View.list(principal, "keys").stream()
                .filter(key -> View.text(key, "report").isEmpty())
                .filter(key -> !View.is(key, "retired"))
                .map(key -> View.text(key, "key"))
                .toList();
    }

    private Reported report(
            JuratClient node, List<Person> people, String principal, String meant, Optional<Long> boundary, long size)
            throws NodeException, FormatException {
        long from = boundary.orElse(Math.max(0, size - LISTED_LEAVES));
        TouchedPages before = TouchedPages.of(node, principal, meant, from);
        Compromise facts = new Compromise(
                principal,
                meant,
                "by-operator",
                boundary,
                people.size() > 1 ? Optional.of(people.getLast().principal()) : Optional.empty());
        CompromiseDetails details = new CompromiseDetails(reason, before.touched(), witnessed(node));
        SigningKey[] also = people.stream().skip(1).map(Person::key).toArray(SigningKey[]::new);
        Receipt.Result result = Submission.one(
                node,
                people.getFirst().sign(node, facts, References.NONE, details, also),
                "jurat key list " + Next.quoted(name));
        return new Reported(meant, result.id(), before, before.after(node, principal, meant));
    }

    /** The contracts to revoke: of keys that were reported before too, so that what was cut off is gone on with. */
    private static Set<RecordId> live(JuratClient node, Json found, List<Reported> all)
            throws NodeException, FormatException {
        Set<RecordId> live = new LinkedHashSet<>();
        for (Reported one : all) {
            live.addAll(one.before().live());
            live.addAll(one.meanwhile().live());
        }
        for (Json one : View.list(found, "keys")) {
            if (!View.text(one, "report").isEmpty()) {
                String principal = View.text(found, "principal");
                live.addAll(TouchedPages.of(node, principal, View.text(one, "key"), 0, boundary(node, one))
                        .live());
            }
        }
        return live;
    }

    /** From which leaf on approvals by a key that was reported are in doubt: all of them where the report set none. */
    private static long boundary(JuratClient node, Json key) throws NodeException {
        long since = View.number(key, "since");
        return since < View.number(node.get("/v1/records/" + View.text(key, "report")), "index") ? since : 0;
    }

    private Exit told(Screen screen, List<Reported> all, List<RecordId> revoked) {
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put(
                            "reports",
                            new Json.Arr(all.stream()
                                    .<Json>map(one -> JsonBuilder.object()
                                            .put("key", one.key())
                                            .put(
                                                    "meanwhile",
                                                    one.meanwhile().touched().toJson())
                                            .put("record", one.record().hex())
                                            .put(
                                                    "touched",
                                                    one.before().touched().toJson())
                                            .build())
                                    .toList()))
                    .strings("revoked", revoked.stream().map(RecordId::hex).toList())
                    .build());
            return Exit.DONE;
        }
        if (all.isEmpty()) {
            screen.line("No key of " + name + " signs anything: each is over, or reported already.");
        }
        for (Reported one : all) {
            screen.line("Reported: the key " + one.key() + " of " + name + " signs nothing more (record "
                    + View.brief(one.record().hex()) + ").");
            one.before().show(screen);
            if (!one.meanwhile().isNothing()) {
                screen.line(screen.tone(
                        Screen.Tone.WARN, "! More came while the report was made, which its record does not list:"));
                one.meanwhile().show(screen);
            }
        }
        screen.line("Contracts revoked: " + revoked.size());
        screen.next("to give it a key again: jurat key recover " + Next.quoted(name)
                + " --as NAME --with NAME --reason TEXT");
        return Exit.DONE;
    }

    private void requireBefore(Optional<Long> boundary, long size) {
        if (boundary.filter(leaf -> leaf < 1 || leaf >= size).isPresent()) {
            throw Failure.input(
                    "since",
                    "a boundary is a leaf of the log, 1 to " + (size - 1),
                    "jurat key touched " + Next.quoted(name));
        }
    }

    /** The newest note that enough witnesses have cosigned: what they had seen by then nobody adds to. */
    private static Optional<String> witnessed(JuratClient node) throws NodeException {
        try {
            byte[] note = node.bytes("/v1/log/witnessed/checkpoint", NOTE_BYTES_MAX, TIMEOUT);
            return Optional.of(new String(note, StandardCharsets.UTF_8));
        } catch (NodeException e) {
            if (e.status() == 404 || e.code().equals("not-witnessed")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static List<RecordId> revoke(JuratClient node, Person person, Set<RecordId> live) throws NodeException {
        for (RecordId contract : live) {
            RegistryFacts.Revocation facts = new RegistryFacts.Revocation(
                    RegistryFacts.Target.CONTRACT, "key-compromised", Optional.empty(), Optional.empty());
            Entry entry = person.sign(
                    node,
                    facts,
                    References.of("target", contract),
                    new PersonDetails("the key that asked for it, or approved it, is in other hands"));
            Submission.one(node, entry, "the same again, which goes on with it: " + Next.SAME);
        }
        return List.copyOf(live);
    }
}
