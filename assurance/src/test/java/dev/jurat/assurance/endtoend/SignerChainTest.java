package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Moto;
import dev.jurat.assurance.harness.NodeFaults;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.SoftToken;
import dev.jurat.assurance.harness.SoftTpm;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.SignedRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** An agent whose key goes from one signer to another, each with a custody of another kind, while it works; and what each says that has lost its keys. */
@Order(4)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SignerChainTest {
    private static final String AGENT = "reports";
    /** Where the key is, and where it goes from there. */
    private static final List<String> WAY = List.of("software", "pkcs11", "tpm", "aws-kms");

    private static final String SECRET = "right-horse-of-4711";
    private static final Duration OVERLAP = Duration.ofHours(1);

    private final Map<String, Kept> signers = new LinkedHashMap<>();
    private final List<String> keys = new ArrayList<>();
    private final Map<String, ManagedProcess> serving = new LinkedHashMap<>();
    private Site site;
    private NodeFaults node;
    private String principal;

    /** A signer, with how what it has its keys in is taken away and put back. */
    private record Kept(RunSigner signer, Step gone, Step back) {}

    private interface Step {
        void go() throws IOException;
    }

    @BeforeAll
    void start() throws Exception {
        Servers.npm();
        Assumptions.assumeTrue(SoftTpm.available(), "SKIPPED: there is no swtpm here");
        Assumptions.assumeTrue(
                Moto.available(),
                "SKIPPED: there is no moto in custody/moto/venv (pip install -r custody/moto/requirements.txt)");
        site = Site.governed();
        site.node().kill();
        node = site.upWithFaults();
        Files.writeString(site.files().resolve("a.txt"), "a");
        SoftToken token = SoftToken.in(site.folder()).orElse(null);
        Assumptions.assumeTrue(token != null, "SKIPPED: there is no SoftHSM here (package softhsm2)");
        SoftTpm tpm = site.keep(SoftTpm.in(site.folder()));
        Moto moto = site.keep(Moto.in(site.folder()));
        Path there = site.folder().resolve("tokens");
        Path elsewhere = site.folder().resolve("elsewhere");
        List<String> module = List.of("--module", token.module().toString(), "--token", token.label());
        List<String> region =
                List.of("--region", "eu-central-1", "--endpoint", moto.address().toString());
        keep("software", signer("software", SECRET, Map.of()), List.of(), () -> {}, () -> {});
        keep(
                "pkcs11",
                signer("pkcs11", token.pin(), token.environment()),
                module,
                () -> Files.move(there, elsewhere),
                () -> Files.move(elsewhere, there));
        keep("tpm", signer("tpm", SECRET, Map.of()), List.of("--tpm", tpm.address()), tpm::takeAway, tpm::putBack);
        keep("aws-kms", signer("aws-kms", "", Moto.WHO), region, moto::close, () -> {});
    }

    private RunSigner signer(String name, String secret, Map<String, String> environment) {
        return new RunSigner(site, site.folder().resolve("at-" + name), secret, environment);
    }

    private void keep(String name, RunSigner signer, List<String> more, Step gone, Step back) throws Exception {
        List<String> words = new ArrayList<>(List.of("signer", "init", "--custody", name));
        words.addAll(more);
        signer.said(words.toArray(String[]::new));
        signers.put(name, new Kept(signer, gone, back));
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    private RunSigner at(int step) {
        return signers.get(WAY.get(step)).signer();
    }

    /** All keys are made, and the rules say which follows which, before a signer is up: each is started once. */
    private void make() throws Exception {
        keys.add(at(0).make("key-0"));
        principal = Values.text(
                CanonicalJson.readLoose(at(0).said("signer", "list", "--json").getBytes(StandardCharsets.UTF_8)),
                "keys.0.principal");
        for (int step = 1; step < WAY.size(); step++) {
            String before = keys.getLast();
            keys.add(at(step).make("key-" + step, "--after-key", before, "--principal", principal));
            at(step - 1).said("signer", "next", "key-" + (step - 1), "--key", keys.getLast());
        }
        for (String name : signers.keySet()) {
            serve(name);
        }
    }

    private void serve(String name) throws Exception {
        serving.put(name, signers.get(name).signer().serve());
    }

    private StdioClient client(String agent) throws IOException {
        List<String> options = List.of("--hold", "0", "--root", site.files().toString());
        return Servers.ready(site.wrap(agent, options, Servers.filesystem(site.files())));
    }

    private void call(StdioClient client) throws IOException {
        StdioClient.Answer answer =
                client.call("read_text_file", Texts.path(site.files().resolve("a.txt")), Servers.SOON);
        assertFalse(answer.failed(), answer.line());
    }

    /** The agent by the key of a step, whatever came after. */
    private String by(int step) {
        return AGENT + "-" + step;
    }

    private void remember(int step) throws IOException {
        Path file = at(0).file(AGENT);
        Files.copy(file, file.resolveSibling(by(step) + ".json"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }

    @Test
    @Order(1)
    void aKeyThatChangesItsCustodyLeavesACallWithoutASignatureOrWithTwo() throws Exception {
        make();
        at(0).said(
                        "signer",
                        "use",
                        "key-0",
                        "--agent",
                        AGENT,
                        "--signer",
                        at(0).socket().toString());
        site.enrolAgent(AGENT);
        aStepIsLeftOut();
        for (int step = 1; step < WAY.size(); step++) {
            remember(step - 1);
            moves(step);
        }
        remember(WAY.size() - 1);
        List<Json> all = Values.list(site.json("key", "list", AGENT), "keys");
        assertEquals(keys, all.stream().map(key -> Values.text(key, "key")).toList());
        assertEquals(principal, Values.text(site.json("agent", "show", AGENT), "principal"));
        List<String> states = site.jurat("key", "list", AGENT)
                .out()
                .lines()
                .map(line -> line.split("\t", -1)[1])
                .toList();
        assertEquals(List.of("over", "over", "over", "in use"), states);
        Path bundle = site.folder().resolve("all.jurat");
        site.json("bundle", "export", "--all", "--out", bundle.toString());
        for (byte[] leaf : Bundle.parse(Files.readAllBytes(bundle)).leaves().values()) {
            Kind kind = SignedRecord.ofLeaf(leaf).kind();
            assertFalse(Set.of(Kind.REFUSED, Kind.CONFLICT, Kind.REFUSAL).contains(kind), kind.wire());
        }
        Site.Said verified =
                site.jurat("verify", bundle.toString(), "--trust", site.trust().toString());
        assertEquals(0, verified.exit(), verified.out() + verified.err());
        assertEquals(
                "true",
                Values.text(site.json("log", "audit", "--trust", site.trust().toString()), "clean"));
        refused(by(WAY.size() - 2), "key-retired");
    }

    /** To a key that is there, and that no rule lets follow this one. */
    private void aStepIsLeftOut() throws IOException {
        Site.Said said = site.jurat(rotation(2));
        assertTrue(said.err().contains("custody-denied"), said.out() + said.err());
        assertEquals(keys.getFirst(), Values.text(site.json("agent", "show", AGENT), "key"));
    }

    /** One step, while an open session calls on; within the overlap the key before opens sessions, too. */
    private void moves(int step) throws Exception {
        // A session has seen the node's time: one that is open while the test sets it ahead would have seen none for
        // hours.
        try (StdioClient open = client(AGENT)) {
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Integer> working = CompletableFuture.supplyAsync(() -> callsUntil(open, over));
            Json.Obj rotated = rotate(step);
            over.set(true);
            assertTrue(working.get() > 0);
            assertEquals(keys.get(step), Values.text(rotated, "key"));
            call(open);
            open.leave(Servers.SOON);
        }
        try (StdioClient before = client(by(step - 1))) {
            call(before);
            before.leave(Servers.SOON);
        }
        node.pass(OVERLAP.multipliedBy(2).toMillis());
    }

    private int callsUntil(StdioClient open, AtomicBoolean over) {
        int calls = 0;
        try {
            do {
                call(open);
                calls++;
            } while (!over.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return calls;
    }

    private Json.Obj rotate(int step) throws IOException {
        return site.json(rotation(step));
    }

    private String[] rotation(int step) {
        List<String> words = new ArrayList<>(List.of("key", "rotate", AGENT, "--reason", "to " + WAY.get(step)));
        words.addAll(
                List.of("--to", "key-" + step, "--signer", at(step).socket().toString()));
        words.addAll(List.of("--overlap", "" + OVERLAP.toHours()));
        return words.toArray(String[]::new);
    }

    private String refused(String agent, String code) throws IOException {
        try (StdioClient client = site.wrap(agent, List.of("--hold", "0"), Servers.filesystem(site.files()))) {
            assertNotEquals(0, client.process().exit(Servers.SOON));
            String said = client.process().errors();
            assertTrue(said.contains(code), agent + ": " + said);
            return said;
        }
    }

    /** What a custody is made of is away, and then there again: the ledger is asked only where a signature came. */
    @Test
    @Order(2)
    void aCustodyThatIsAwayIsToldOfByAnotherCode() throws Exception {
        for (String name : List.of("pkcs11", "tpm", "aws-kms")) {
            signers.get(name).gone().go();
            refused(by(WAY.indexOf(name)), "custody-missing");
            signers.get(name).back().go();
        }
        refused(by(WAY.indexOf("tpm")), "key-retired");
        // SoftHSM looks for tokens once, when a process begins with it.
        serving.get("pkcs11").close();
        serve("pkcs11");
        refused(by(WAY.indexOf("pkcs11")), "key-retired");
    }

    @Test
    @Order(3)
    void aSignerThatIsDeadOrLockedIsToldOfByAnotherCode() throws Exception {
        serving.values().forEach(ManagedProcess::close);
        for (Map.Entry<String, Kept> one : signers.entrySet()) {
            RunSigner signer = one.getValue().signer();
            String key = "key-" + WAY.indexOf(one.getKey());
            String socket = signer.socket().toString();
            Site.Said dead = site.jurat("signer", "use", key, "--agent", "none", "--signer", socket, "--json");
            assertEquals("custody-missing", Values.text(dead.json(), "error.code"), dead.out() + dead.err());
            assertEquals(2, dead.exit());
            try (ManagedProcess locked = signer.ofAStranger().start("signer", "serve", "--unlock-fd", "3")) {
                assertEquals(4, locked.exit(Servers.SOON), one.getKey() + locked.output() + locked.errors());
                assertTrue(locked.errors().contains("custody-locked"), locked.errors());
            }
        }
        refused(by(0), "custody-missing");
    }
}
