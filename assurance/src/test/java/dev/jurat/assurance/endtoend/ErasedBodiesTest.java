package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.app.keys.Operators;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.assurance.endtoend.ChequeredStory.Said;
import dev.jurat.assurance.harness.LogReader;
import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.RawHttp;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.Values;
import dev.jurat.ledger.Group;
import dev.jurat.ledger.GroupAnswer;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerConfig;
import dev.jurat.ledger.LedgerKeys;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.ledger.RecordAnswer;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.ledger.Submission;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Candidate;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.KeyFile;
import dev.jurat.testkit.NextOfPerson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Verdicts follow from statements alone: with every body gone, the same ones come out. */
@Order(4)
final class ErasedBodiesTest {
    private static final Set<Kind> WANTED =
            Set.of(Kind.APPROVAL, Kind.CONFLICT, Kind.EXPIRY, Kind.OUTCOME, Kind.REFUSED, Kind.REVOCATION, Kind.USE);

    @Test
    void aVerdictChangesWhenTheBodiesAreGone() throws Exception {
        try (Site site = Site.governed()) {
            List<Said> told = ChequeredStory.tell(site);
            Bundle bundle = Bundle.parse(export(site, site.data(), "told"));
            List<byte[]> leaves = List.copyOf(bundle.leaves().values());
            List<SignedRecord> records = new ArrayList<>();
            for (byte[] leaf : leaves) {
                records.add(SignedRecord.ofLeaf(leaf));
            }
            assertTrue(kinds(records).containsAll(WANTED), "the story lacks some of " + WANTED + ": " + kinds(records));
            served(site, leaves);
            Json.Obj report = report(site, "told");

            Map<String, String> judged = judged(records);
            agree(told, judged);
            assertEquals(judged, verdicts(report, records), "by the verifier");

            // Killed: a node that is told to stop ends the sessions of its own services, and the log goes on.
            site.node().kill();
            erase(site, leaves.size());

            site.up();
            assertEquals(0, bodies(site.data(), records), "bodies are left");
            Bundle after = Bundle.parse(export(site, site.data(), "erased"));
            List<byte[]> leavesAfter = List.copyOf(after.leaves().values());
            List<SignedRecord> recordsAfter = new ArrayList<>();
            for (byte[] leaf : leavesAfter) {
                recordsAfter.add(SignedRecord.ofLeaf(leaf));
            }
            Map<String, String> judgedAfter = judged(recordsAfter);
            assertTrue(judgedAfter.entrySet().containsAll(judged.entrySet()), "by a node whose bodies are erased");
            assertEquals(
                    judgedAfter, verdicts(report(site, "erased"), recordsAfter), "by the verifier, without bodies");
            assertEquals(acts(report), acts(report(site, "erased")), "by a node whose bodies are erased");
            Standing standing = Standing.of(site, recordsAfter);
            Path fresh = FreshNode.folder(site, leavesAfter, after.artefacts().keySet());
            site.node().kill();

            site.up(fresh);
            assertEquals(0, bodies(fresh, records), "bodies that nobody gave");
            assertEquals(standing, Standing.of(fresh, recordsAfter), "by a fresh node");
            export(site, fresh, "fresh");
            assertEquals(judgedAfter, verdicts(report(site, "fresh"), recordsAfter), "by a fresh node");
            assertEquals(acts(report), acts(report(site, "fresh")), "by a fresh node");
            again(told, site, fresh);

            site.up();
            whatStillWaitsIsToldOfAndCannotBeAnswered(site);
        }
    }

    private static void whatStillWaitsIsToldOfAndCannotBeAnswered(Site site) throws IOException {
        String decision = Values.text(site.json("pending"), "unreadable.0");
        Site.Said shown = site.jurat("pending");
        assertTrue(shown.out().contains("Decision " + decision.substring(0, 12) + " cannot be shown"), shown.out());
        assertFalse(shown.out().contains("Nothing waits"), shown.out());
        for (String command : List.of("approve", "deny")) {
            Site.Said said = command.equals("deny")
                    ? site.jurat("deny", decision, "--reason", "no")
                    : site.jurat("approve", decision);
            assertEquals(1, said.exit(), said.err());
            assertTrue(said.err().contains("(body-erased)"), said.err());
        }
    }

    private static Set<Kind> kinds(List<SignedRecord> records) {
        return records.stream().map(SignedRecord::kind).collect(Collectors.toSet());
    }

    private static byte[] export(Site site, Path data, String name) throws IOException {
        Path file = site.folder().resolve(name + ".jurat");
        site.json("bundle", "export", "--all", "--data", data.toString(), "--out", file.toString());
        return Files.readAllBytes(file);
    }

    /** The log that the node serves begins with these leaves. */
    private static void served(Site site, List<byte[]> leaves) throws IOException {
        try (LogReader log = new LogReader(site.logAddress())) {
            List<byte[]> there = log.leaves(log.checkpoint().size().value());
            for (int i = 0; i < leaves.size(); i++) {
                assertArrayEquals(leaves.get(i), there.get(i), "leaf " + i);
            }
        }
    }

    // ---- what is said of each leaf: by record id, the flags of what was admitted, the rule of what was refused,
    // "conflict"

    private static Map<String, String> judged(List<SignedRecord> records) throws Exception {
        Lifecycle lifecycle = new Lifecycle(SignatureChecker.standard());
        Map<String, String> out = new TreeMap<>();
        lifecycle.begin(records.getFirst());
        for (SignedRecord record : records.subList(1, records.size())) {
            Judgement judgement = lifecycle.judge(Candidate.of(record));
            Judgement.Admitted admitted = assertInstanceOf(
                    Judgement.Admitted.class, judgement, record.kind().wire());
            note(out, record, admitted.flags().stream().map(Flag::code).sorted().toList());
        }
        return out;
    }

    /** The same, of what the verifier makes of a bundle. */
    private static Map<String, String> verdicts(Json.Obj report, List<SignedRecord> records) {
        Map<String, String> out = new TreeMap<>();
        for (SignedRecord record : records.subList(1, records.size())) {
            List<String> flags = Values.list(
                            report, "findings.flags." + record.id().hex())
                    .stream()
                    .map(flag -> Values.text(flag, ""))
                    .toList();
            note(out, record, flags);
        }
        return out;
    }

    /** The verifier's three verdicts of each act; what rests on bodies alone is whether "within" was recomputed or is asserted. */
    private static Map<String, String> acts(Json.Obj report) {
        Map<String, String> out = new TreeMap<>();
        for (Json act : Values.list(report, "findings.actions")) {
            String permission = Values.text(act, "permission.verdict").replace("asserted", "within");
            out.put(
                    Values.text(act, "intent"),
                    Values.at(act, "record") + " " + permission + Values.text(act, "permission.code") + " "
                            + Values.at(act, "outcome"));
        }
        return out;
    }

    private static Json.Obj report(Site site, String name) throws IOException {
        Path bundle = site.folder().resolve(name + ".jurat");
        Site.Said said = site.jurat("verify", "--json", "--trust", site.trust().toString(), bundle.toString());
        assertEquals(0, said.exit(), said.out() + said.err());
        return said.json();
    }

    private static void note(Map<String, String> out, SignedRecord record, List<String> flags) {
        out.put(record.id().hex(), "admitted " + flags);
        switch (record.statement().facts()) {
            case LedgerFacts.Refused refused ->
                refused.records().forEach(one -> out.put(one.id().hex(), "refused " + one.rule()));
            case LedgerFacts.Conflict conflict -> out.put(conflict.id().hex(), "conflict");
            default -> {}
        }
    }

    /** What the node said when a record came is what follows from the entries. */
    private static void agree(List<Said> told, Map<String, String> verdicts) {
        Set<String> all = new HashSet<>();
        for (Said said : told) {
            String verdict = switch (said.status()) {
                case "ADMITTED" -> "admitted " + said.flags();
                case "REFUSED" -> "refused " + said.rule();
                default -> said.status();
            };
            assertEquals(verdict, verdicts.get(said.entry().record().id().hex()));
            all.add(verdict);
        }
        assertTrue(
                all.containsAll(Set.of(
                        "admitted []",
                        "admitted [signer-suspended]",
                        "refused contract-spent",
                        "refused session-suspended",
                        "conflict")),
                "the story lacks verdicts: " + all);
    }

    /** Whoever sends the same bytes to the fresh node hears what became of them before. */
    private static void again(List<Said> told, Site site, Path fresh) throws Exception {
        Party anybody = Party.open(site, fresh.resolve("node.sock"), site.home().resolve("points/mcp.json"));
        for (Said before : told) {
            Said now = ChequeredStory.send(anybody, List.of(before.entry())).getFirst();
            assertEquals(before.status().equals("ADMITTED") ? "PRESENT" : before.status(), now.status());
        }
    }

    // ---- what follows from the verdicts

    /** Where every stream and everybody stands. */
    private record Standing(List<String> streams, Json principals, Json policies, Json profiles, List<String> counts) {
        static Standing of(Site site, List<SignedRecord> records) throws IOException {
            return of(site.data(), records);
        }

        static Standing of(Path data, List<SignedRecord> records) throws IOException {
            List<String> streams = new ArrayList<>();
            Set<String> names = records.stream()
                    .map(r -> r.header().stream())
                    .filter(s -> !s.principal().equals(Stream.LEDGER.principal()))
                    .map(Stream::toString)
                    .collect(Collectors.toSet());
            for (String name : names.stream().sorted().toList()) {
                streams.add(name + " " + ask(data, "/v1/streams/" + name));
            }
            Json.Obj status = ask(data, "/v1/status");
            List<String> counts = List.of("claimed", "pending", "people", "policy").stream()
                    .map(name -> name + " " + Values.text(status, name))
                    .toList();
            assertTrue(counts.contains("pending 1"), counts.toString());
            return new Standing(
                    streams,
                    nameless(ask(data, "/v1/principals")),
                    ask(data, "/v1/policies"),
                    ask(data, "/v1/profiles"),
                    counts);
        }

        /** Names of principals stand in bodies. */
        private static Json nameless(Json.Obj principals) {
            return new Json.Arr(Values.list(principals, "principals").stream()
                    .<Json>map(p -> {
                        var members = new TreeMap<>(((Json.Obj) p).members());
                        members.remove("name");
                        return new Json.Obj(members);
                    })
                    .toList());
        }
    }

    private static Json.Obj ask(Path data, String path) throws IOException {
        RawHttp.Reply reply = RawHttp.get(data.resolve("node.sock"), path);
        assertEquals(200, reply.status(), path + ": " + reply.text());
        return reply.json();
    }

    // ---- bodies

    private static long bodies(Path data, List<SignedRecord> records) throws IOException {
        long found = 0;
        for (SignedRecord record : records) {
            Json.Obj answer = ask(data, "/v1/records/" + record.id().hex());
            found += Values.text(answer, "body").isEmpty() ? 0 : 1;
        }
        return found;
    }

    /** Has the administrator erase every body of a node that does not run. */
    private static void erase(Site site, int size) throws Exception {
        LedgerKeys keys = new LedgerKeys(key(site, "record"), key(site, "checkpoint"));
        SealedKey sealed = new Operators(new JuratHome(site.home())).list().getFirst();
        SigningKey ann = sealed.open(Site.PASSPHRASE.toCharArray()).orElseThrow();
        try (Ledger ledger =
                Ledger.open(site.data().resolve("log"), LedgerConfig.STANDARD, keys, LedgerPorts.standard())) {
            for (long index = 0; index < size; index++) {
                StoredRecord record = ledger.record(new LeafIndex(index)).orElseThrow();
                if (record.body().isPresent()) {
                    erase(ledger, ann, sealed.principal(), record);
                }
            }
        }
    }

    private static void erase(Ledger ledger, SigningKey key, String principal, StoredRecord erased) throws Exception {
        NextOfPerson person = new NextOfPerson(principal, key);
        SignedRecord record = person.sign(
                NextOfPerson.erasure(erased.record(), erased.index().value()),
                References.NONE,
                ledger.ask(state -> state.head(person.stream())).orElseThrow(),
                ledger.headToSign().clock(),
                ledger.head().genesis());
        GroupAnswer answer = ledger.append(Group.of(new Submission(record, Optional.empty())));
        GroupAnswer.Committed committed = assertInstanceOf(GroupAnswer.Committed.class, answer, answer.toString());
        assertInstanceOf(RecordAnswer.Admitted.class, committed.results().getFirst(), answer.toString());
    }

    private static SigningKey key(Site site, String name) throws Exception {
        return KeyFile.read(site.data().resolve("keys").resolve(name + ".json")).key();
    }
}
