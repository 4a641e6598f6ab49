package dev.jurat.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.ledger.HundredAgents.Signed;
import dev.jurat.ledger.storage.ReadOnlyStorage;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.proof.audit.AuditReport;
import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.audit.SuspectKey;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.crypto.Base32;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.Suspect;
import dev.jurat.proof.verify.Verifier;
import dev.jurat.testkit.World;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A hundred agents under load, with rotations, reports, recoveries and revocations at random: whose each record is, stays certain. */
class HundredAgentsTest {
    private static final int STEPS = Integer.getInteger("jurat.agents.steps", 400);
    private static final long SEED = Long.getLong("jurat.seed", System.nanoTime() & 0xFFFF_FFFFL);
    private static final byte[] X509_OF_ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    @Test
    void aRecordIsNobodysOrOfTwo() throws Exception {
        System.out.println("a hundred agents, seed " + SEED);
        HundredAgents all = new HundredAgents(SEED);
        all.work(STEPS / 2, 0);
        all.killed();
        all.work(STEPS - STEPS / 2, 1);
        all.close();
        System.out.println("  " + all.world.log().leaves().size() + " leaves: " + all.answers);
        for (String came : List.of("admitted", "key-compromised", "key-retired", "principal-suspended")) {
            assertTrue(all.answers.containsKey(came), () -> came + " of " + all.answers);
        }
        attributed(all);
        clean(all);
        suspected(all);
    }

    /** By the leaves alone, and the JDK's own check of a signature: each record of an agent is of one key, that of one session, and that of one agent. */
    private static void attributed(HundredAgents all) throws Exception {
        Map<String, String> ofKey = new HashMap<>();
        Map<String, String> agentOf = new HashMap<>();
        Map<String, String> keyOf = new HashMap<>();
        Map<RecordId, Signed> missing = new HashMap<>(all.admitted);
        List<SignedRecord> leaves = all.world.log().leaves();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            SignedRecord record = leaves.get(leaf);
            Json.Obj predicate =
                    object(CanonicalJson.readObject(record.statement().bytes()), "predicate");
            Json.Obj header = object(predicate, "header");
            Json.Obj facts = object(predicate, "facts");
            String principal = text(header, "principal");
            String stream = principal + "/" + text(header, "session");
            String kind = text(header, "kind");
            if (kind.equals("key") && facts.members().containsKey("key") && leafOpens(header)) {
                assertEquals(null, ofKey.put(text(facts, "key"), principal), "a key of two");
            }
            if (kind.equals("session")) {
                String key = text(facts, "key");
                assertEquals(null, ofKey.put(key, principal), "a key of two");
                String identity = ofKey.get(text(facts, "identityKey"));
                if (identity != null) {
                    assertEquals(principal, identity, "a session under the key of another");
                }
                assertEquals(sessionOf(key), text(header, "session"));
                assertEquals(null, keyOf.put(stream, key), "a session of two");
                agentOf.put(stream, principal);
            }
            Signed ours = missing.remove(record.id());
            if (ours != null) {
                assertEquals(ours.leaf(), leaf);
                assertEquals(ours.agent().principal(), agentOf.get(stream));
                assertEquals(ours.run().party.stream().toString(), stream);
                assertTrue(verifies(keyOf.get(stream), record), () -> "leaf of " + stream);
            }
        }
        assertEquals(Map.of(), missing, "acknowledged, and not on the log");
    }

    private static boolean leafOpens(Json.Obj header) {
        return ((Json.Int) header.members().get("sequence")).value() == 0;
    }

    private static Json.Obj object(Json.Obj of, String member) {
        return (Json.Obj) of.members().get(member);
    }

    private static String text(Json.Obj of, String member) {
        return ((Json.Str) of.members().get(member)).value();
    }

    private static String sessionOf(String key) {
        byte[] digest = Hash.of(Base64.getDecoder().decode(key)).bytes();
        return Base32.encode(java.util.Arrays.copyOf(digest, 16));
    }

    private static boolean verifies(String key, SignedRecord record) throws Exception {
        byte[] raw = Base64.getDecoder().decode(key);
        byte[] encoded = java.util.Arrays.copyOf(X509_OF_ED25519, X509_OF_ED25519.length + raw.length);
        System.arraycopy(raw, 0, encoded, X509_OF_ED25519.length, raw.length);
        PublicKey parsed = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(parsed);
        check.update(record.preAuthentication());
        return check.verify(record.signatures().getFirst());
    }

    private static void clean(HundredAgents all) throws Exception {
        AuditReport report = new LogAudit(
                        FolderLog.open(new ReadOnlyStorage(all.storage, all.storage::open)),
                        Optional.of(all.world.trust()),
                        Optional.empty(),
                        LedgerRig::verifies,
                        Optional.empty(),
                        defect -> {})
                .run((read, size) -> {});
        assertEquals(List.of(), report.defects());
        assertEquals(report.size(), report.leaves());
        Map<String, Long> since = new HashMap<>();
        all.agents.forEach(agent -> agent.keys.forEach(key -> key.since.ifPresent(
                leaf -> since.put(World.key(key.name).verifyKey().text(), leaf))));
        assertFalse(since.isEmpty());
        assertEquals(
                resting(all, since),
                report.suspects().stream()
                        .collect(Collectors.toMap(SuspectKey::key, key -> key.since() + ": " + key.records())));
    }

    /** The boundary of each key, and how many leaves its own stream and those of its sessions have from there on: by the leaves alone. */
    private static Map<String, String> resting(HundredAgents all, Map<String, Long> since) throws Exception {
        Map<String, String> keyOf = new HashMap<>();
        Map<String, Long> counts = new HashMap<>();
        since.keySet().forEach(key -> counts.put(key, 0L));
        List<SignedRecord> leaves = all.world.log().leaves();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            Json.Obj predicate =
                    object(CanonicalJson.readObject(leaves.get(leaf).statement().bytes()), "predicate");
            Json.Obj header = object(predicate, "header");
            String stream = text(header, "principal") + "/" + text(header, "session");
            if (text(header, "kind").equals("session")) {
                keyOf.put(stream, text(object(predicate, "facts"), "identityKey"));
            } else if (text(header, "kind").equals("key") && leafOpens(header)) {
                keyOf.put(stream, text(object(predicate, "facts"), "key"));
            }
            String key = keyOf.getOrDefault(stream, "");
            if (since.containsKey(key) && leaf >= since.get(key)) {
                counts.merge(key, 1L, Long::sum);
            }
        }
        Map<String, String> told = new HashMap<>();
        counts.forEach((key, count) -> told.put(key, since.get(key) + ": " + count));
        return told;
    }

    /** In doubt is what a key signed, or a session that it opened, from its boundary on; and nothing else. */
    private static void suspected(HundredAgents all) throws Exception {
        TreeSet<Long> expected = all.admitted.values().stream()
                .filter(signed -> signed.run()
                        .key
                        .since
                        .filter(since -> signed.leaf() >= since)
                        .isPresent())
                .map(Signed::leaf)
                .collect(Collectors.toCollection(TreeSet::new));
        assertFalse(expected.isEmpty());
        Report report = Verifier.verify(all.world.bundle(new Scope.All()).bytes(), Optional.of(all.world.trust()));
        Report.Accepted accepted = assertInstanceOf(Report.Accepted.class, report);
        TreeSet<Long> told = accepted.bundle().findings().actions().stream()
                .flatMap(action -> action.suspects().stream())
                .map(Suspect::leaf)
                .map(leaf -> leaf.index())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, told);
    }
}
