package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.LogReader;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerConfig;
import dev.jurat.ledger.LedgerKeys;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.lifecycle.Candidate;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.sdk.KeyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Verdicts follow from statements alone: with every body gone, the same ones come out. */
final class ErasedBodiesTest {
    @Test
    void aVerdictChangesWhenTheBodiesAreGone() throws Exception {
        try (Site site = Site.governed()) {
            story(site);
            List<byte[]> leaves;
            try (LogReader log = new LogReader(site.logAddress())) {
                leaves = log.leaves(log.checkpoint().size().value());
            }
            List<String> told = verdicts(site, leaves);

            assertEquals(told, judged(leaves), "by a reader who has entries alone");

            site.node().signal("TERM");
            site.node().exit(Site.READY);
            erase(site, leaves.size());
            site.up();

            assertEquals(told, verdicts(site, leaves), "by a node whose bodies are erased");
            assertTrue(bodiless(site, leaves), "bodies are left");
        }
    }

    /** Allowed, refused, waiting, approved, with an outcome and with a flag. */
    private static void story(Site site) throws IOException {
        site.enrolAgent("teller");
        Path counter = site.folder().resolve("counter");
        try (StdioClient client =
                Servers.ready(site.wrap("teller", List.of("--hold", "0"), CountingServer.command(counter)))) {
            StdioClient.Answer waits = client.call("count", "{\"word\":\"one\"}", Servers.SOON);
            site.unlocked("approve", Texts.decision(waits));
            assertFalse(client.call("count", "{\"word\":\"one\"}", Servers.SOON).failed());
            StdioClient.Answer rejected = client.call("fail", "{}", Servers.SOON);
            site.unlocked("deny", Texts.decision(rejected), "--reason", "no");
            client.request("resources/read", "{\"uri\":\"count://all\"}", Servers.SOON);
            client.leave(Servers.SOON);
        }
    }

    /** What the node says of each leaf. */
    private static List<String> verdicts(Site site, List<byte[]> leaves) throws Exception {
        List<String> out = new ArrayList<>();
        for (byte[] leaf : leaves) {
            SignedRecord record = SignedRecord.ofLeaf(leaf);
            Json.Obj answer = site.get("/v1/records/" + record.id().hex());
            Set<String> flags = new TreeSet<>();
            Values.list(answer, "flags").forEach(f -> flags.add(Values.text(f, "")));
            out.add(Values.text(answer, "index") + " " + record.id().hex() + " " + flags);
        }
        return out;
    }

    private static boolean bodiless(Site site, List<byte[]> leaves) throws Exception {
        for (byte[] leaf : leaves) {
            SignedRecord record = SignedRecord.ofLeaf(leaf);
            if (!Values.text(site.get("/v1/records/" + record.id().hex()), "body")
                    .isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static List<String> judged(List<byte[]> leaves) throws Exception {
        Lifecycle lifecycle = new Lifecycle(SignatureChecker.standard());
        List<String> out = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            SignedRecord record = SignedRecord.ofLeaf(leaves.get(i));
            Set<String> flags = new TreeSet<>();
            if (i == 0) {
                lifecycle.begin(record);
            } else {
                Judgement judgement = lifecycle.judge(Candidate.of(record));
                Judgement.Admitted admitted = assertInstanceOf(Judgement.Admitted.class, judgement, "leaf " + i);
                admitted.flags().stream().map(Flag::code).forEach(flags::add);
            }
            out.add(i + " " + record.id().hex() + " " + flags);
        }
        return out;
    }

    /** Erases every body of a node that does not run. */
    private static void erase(Site site, int size) throws Exception {
        LedgerKeys keys = new LedgerKeys(key(site, "record"), key(site, "checkpoint"));
        try (Ledger ledger =
                Ledger.open(site.data().resolve("log"), LedgerConfig.STANDARD, keys, LedgerPorts.standard())) {
            for (long index = 0; index < size; index++) {
                if (ledger.record(new LeafIndex(index)).orElseThrow().body().isPresent()) {
                    ledger.eraseBody(new LeafIndex(index));
                }
            }
        }
    }

    private static SigningKey key(Site site, String name) throws Exception {
        return KeyFile.read(site.data().resolve("keys").resolve(name + ".json")).key();
    }
}
