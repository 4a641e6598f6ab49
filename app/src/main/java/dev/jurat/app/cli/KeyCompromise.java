package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CompromiseDetails;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.crypto.SoftwareKey;
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
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "compromise",
        description = {
            "Reports that a key is in other hands: from its record on, neither the key nor any session that it opened signs anything more.",
            "What it had touched goes into the record, and contracts for its sessions that are in force are revoked. With --since, which takes a second",
            "administrator, all that rests on the key from that leaf on is shown as suspect, and the keys that it was rotated to since are reported too."
        })
final class KeyCompromise extends NodeCommand {
    private static final int NOTE_BYTES_MAX = 1 << 16;

    @Parameters(
            paramLabel = "NAME",
            description = "An agent's or a person's name, a principal id, or: point (this folder's).")
    String name = "";

    @Option(names = "--key", paramLabel = "KEY", description = "Which of its keys (default: the newest).")
    Optional<String> key = Optional.empty();

    @Option(
            names = "--since",
            paramLabel = "LEAF",
            description = "The first leaf that the key may have been misused at; find it with: jurat key touched NAME.")
    Optional<Long> since = Optional.empty();

    @Option(names = "--with", paramLabel = "NAME", description = "The second administrator, who signs a boundary too.")
    Optional<String> with = Optional.empty();

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; kept in the record's body.")
    String reason = "";

    @Option(names = "--as", paramLabel = "NAME", description = "Whose key signs (default: the only one here).")
    Optional<String> as = Optional.empty();

    @Override
    Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        Input.reason(reason);
        if (since.isPresent() != with.isPresent()) {
            throw Failure.input(
                    "four-eyes",
                    "a boundary before the report takes a second administrator, and without one there is none",
                    "give both --since LEAF and --with NAME, or neither");
        }
        Json found = Principals.find(this, node, name);
        String principal = View.text(found, "principal");
        String meant = key.orElse(View.text(found, "key"));
        List<Person> people = with.isPresent()
                ? TwoPeople.unlock(this, node, as, with.get())
                : List.of(Person.unlock(this, node, as));
        TouchedPages pages = TouchedPages.of(node, principal, meant, since.orElse(0L));
        requireBefore(pages.size());
        Person first = people.getFirst();
        Compromise facts = new Compromise(
                principal,
                meant,
                "by-operator",
                since,
                people.size() > 1 ? Optional.of(people.getLast().principal()) : Optional.empty());
        CompromiseDetails details = new CompromiseDetails(reason, pages.touched(), witnessed(node));
        SoftwareKey[] also = people.stream().skip(1).map(Person::key).toArray(SoftwareKey[]::new);
        Receipt.Result result = Submission.one(
                node, first.sign(node, facts, References.NONE, details, also), "jurat key list " + Next.quoted(name));
        TouchedPages meanwhile = TouchedPages.of(node, principal, meant, pages.size());
        List<RecordId> revoked = revoke(node, first, pages, meanwhile);
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put("meanwhile", meanwhile.touched().toJson())
                    .put("record", result.id().hex())
                    .strings("revoked", revoked.stream().map(RecordId::hex).toList())
                    .put("touched", pages.touched().toJson())
                    .build());
            return Exit.DONE;
        }
        screen.line("Reported: the key " + meant + " of " + name + " signs nothing more (record "
                + View.brief(result.id().hex()) + ").");
        pages.show(screen);
        if (!meanwhile.isNothing()) {
            screen.line(screen.tone(
                    Screen.Tone.WARN, "! More came while the report was made, which its record does not list:"));
            meanwhile.show(screen);
        }
        screen.line("Contracts revoked: " + revoked.size());
        screen.next("to give it a key again: jurat key recover " + Next.quoted(name)
                + " --as NAME --with NAME --reason TEXT");
        return Exit.DONE;
    }

    private void requireBefore(long size) {
        if (since.filter(leaf -> leaf < 1 || leaf >= size).isPresent()) {
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

    private static List<RecordId> revoke(JuratClient node, Person person, TouchedPages before, TouchedPages meanwhile)
            throws NodeException {
        List<RecordId> live = new ArrayList<>(before.live());
        meanwhile.live().stream().filter(id -> !live.contains(id)).forEach(live::add);
        for (RecordId contract : live) {
            RegistryFacts.Revocation facts = new RegistryFacts.Revocation(
                    RegistryFacts.Target.CONTRACT, "key-compromised", Optional.empty(), Optional.empty());
            Entry entry = person.sign(
                    node,
                    facts,
                    References.of("target", contract),
                    new PersonDetails("the key that it was asked for with is in other hands"));
            Submission.one(node, entry, "jurat key touched");
        }
        return live;
    }
}
