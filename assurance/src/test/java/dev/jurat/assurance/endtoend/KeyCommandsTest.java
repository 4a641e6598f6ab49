package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Terminal;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * A key that is due, one that is stolen and one that is lost: what a person types, and what becomes of work that goes on meanwhile. Scenarios
 * C and D of AG-016 are among them.
 */
@Order(4)
final class KeyCommandsTest {
    private static final Terminal.Line ANN = new Terminal.Line("of ann", Site.PASSPHRASE);
    private static final Terminal.Line BOB = new Terminal.Line("of bob", Site.PASSPHRASE);

    private static StdioClient client(Site site) throws IOException {
        List<String> options = List.of("--hold", "0", "--root", site.files().toString());
        return Servers.ready(site.wrap(Site.AGENT, options, Servers.filesystem(site.files())));
    }

    private static void call(Site site, StdioClient client) throws IOException {
        StdioClient.Answer answer =
                client.call("read_text_file", "{\"path\":\"" + site.files().resolve("a.txt") + "\"}", Servers.SOON);
        assertFalse(answer.failed(), answer.line());
    }

    private static Site site() throws IOException {
        Site site = Site.governed();
        Files.writeString(site.files().resolve("a.txt"), "a");
        return site;
    }

    private static void secondAdministrator(Site site) throws IOException {
        site.atTerminal(
                List.of(
                        ANN,
                        new Terminal.Line("assphrase", Site.PASSPHRASE),
                        new Terminal.Line("again", Site.PASSPHRASE)),
                "operator",
                "enroll",
                "--name",
                "bob",
                "--by",
                "ann",
                "--light");
    }

    private static List<Json> keys(Site site, String name) throws IOException {
        return Values.list(site.json("key", "list", name), "keys");
    }

    private static void audited(Site site) throws IOException {
        Site.Said said = site.jurat("log", "audit", site.data().toString(), "--json");
        assertEquals(0, said.exit(), said.out() + said.err());
    }

    private static long size(Site site) throws IOException {
        return ((Json.Int) site.get("/v1/head").members().get("size")).value();
    }

    /** Work goes on in one session and begins in others, while the agent's key is changed again and again. */
    @Test
    void aRotationLeavesNoCallWithoutAKey() throws Exception {
        try (Site site = site();
                StdioClient first = client(site)) {
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Integer> working = CompletableFuture.supplyAsync(() -> {
                int calls = 0;
                try {
                    for (; !over.get(); calls++) {
                        call(site, first);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                return calls;
            });
            List<String> identities = new ArrayList<>();
            for (String name : List.of(Site.AGENT, "point")) {
                Json.Obj rotated = site.json("key", "rotate", name, "--reason", "due");
                identities.add(Values.text(rotated, "key"));
                try (StdioClient next = client(site)) {
                    call(site, next);
                    next.leave(Servers.SOON);
                }
            }
            over.set(true);
            assertTrue(working.get() > 3, "too few calls to say anything");
            call(site, first);
            first.leave(Servers.SOON);
            for (String name : List.of(Site.AGENT, "point")) {
                assertEquals(2, keys(site, name).size());
                assertTrue(identities.contains(Values.text(keys(site, name).getLast(), "key")));
            }
            Site.Said soon = site.jurat("key", "rotate", Site.AGENT, "--reason", "again", "--json");
            assertEquals("overlap-invalid", Values.text(soon.json(), "error.code"));
            assertFalse(Files.exists(site.home().resolve("agents").resolve("agent.json.next")));
            Json.Obj refused = site.json("search", "--outcome", "refused");
            assertEquals(List.of(), Values.list(refused, "actions"), refused.toString());
            audited(site);
        }
    }

    @Test
    void anInterruptedRotationIsFinishedByTheNext() throws Exception {
        try (Site site = site()) {
            Path file = site.home().resolve("agents").resolve("agent.json");
            byte[] old = Files.readAllBytes(file);
            site.json("key", "rotate", Site.AGENT, "--reason", "due");
            // As a crash between the answer of the node and the change of the files leaves them.
            Files.copy(file, file.resolveSibling("agent.json.next"), StandardCopyOption.COPY_ATTRIBUTES);
            Files.write(file, old);
            Site.Said said = site.jurat("key", "rotate", Site.AGENT, "--reason", "again");
            assertTrue(said.out().contains("an earlier try"), said.out() + said.err());
            assertEquals(2, keys(site, Site.AGENT).size());
            assertFalse(Files.exists(file.resolveSibling("agent.json.next")));
            // And as one before the record: a key that nobody knows yet is gone on with.
            Path point = site.home().resolve("points").resolve("mcp.json");
            byte[] stranger = stranger(point);
            Files.write(point.resolveSibling("mcp.json.next"), stranger);
            Files.setPosixFilePermissions(point.resolveSibling("mcp.json.next"), Files.getPosixFilePermissions(file));
            site.json("key", "rotate", "point", "--reason", "due");
            assertEquals(2, keys(site, "point").size());
            assertArrayEquals(stranger, Files.readAllBytes(point));
            try (StdioClient client = client(site)) {
                call(site, client);
            }
        }
    }

    /** The same key file with a key that the ledger does not have. */
    private static byte[] stranger(Path file) throws IOException {
        String text = Files.readString(file);
        int at = text.indexOf("\"seed\":\"") + 8;
        return (text.substring(0, at) + "AAAA" + text.substring(at + 4)).getBytes(StandardCharsets.UTF_8);
    }

    /** A file of keys is nobody else's to be replaced, and a person's key is never without its passphrase. */
    @Test
    void aKeyTakesThePlaceOfAnothers() throws Exception {
        try (Site site = site()) {
            secondAdministrator(site);
            site.atTerminal(List.of(ANN), "agent", "enroll", "other", "--as", "ann");
            Path file = site.home().resolve("agents").resolve("agent.json");
            byte[] before = Files.readAllBytes(file);
            String other = Values.text(site.json("agent", "show", "other"), "principal");
            for (List<String> wrong :
                    List.of(List.of("agent", "--principal", other), List.of("bob"), List.of("agent", "--person"))) {
                List<String> words = new ArrayList<>(List.of("key", "recover"));
                words.addAll(wrong);
                words.addAll(List.of("--as", "ann", "--with", "bob", "--reason", "lost", "--json"));
                Site.Said said = site.jurat(words.toArray(String[]::new));
                assertTrue(
                        List.of("key-of-another", "key-kind").contains(Values.text(said.json(), "error.code")),
                        wrong + ": " + said.out() + said.err());
            }
            assertArrayEquals(before, Files.readAllBytes(file));
            assertFalse(Files.exists(file.resolveSibling("bob.json")));
        }
    }

    @Test
    void aPersonRotatesTheirOwnKey() throws Exception {
        try (Site site = site()) {
            List<Terminal.Line> lines = List.of(
                    ANN, new Terminal.Line("assphrase", Site.PASSPHRASE), new Terminal.Line("again", Site.PASSPHRASE));
            site.atTerminal(lines, "key", "rotate", "ann", "--person", "--reason", "due");
            site.enrolAgent("another");
            assertEquals(2, keys(site, "ann").size());
            audited(site);
        }
    }

    /** Seed 4's third scenario: whoever has the key file writes what they like, and dates it back. */
    @Test
    void aThiefOfAKeyChangesNothingThatWasBefore() throws Exception {
        try (Site site = site()) {
            secondAdministrator(site);
            String before;
            try (StdioClient client = client(site)) {
                call(site, client);
                client.leave(Servers.SOON);
            }
            before = newest(site);
            Path stolen = site.folder().resolve("stolen.json");
            Files.copy(site.home().resolve("agents").resolve("agent.json"), stolen);
            long theft = size(site);
            timesAreLeaves(site);
            try (StdioClient client = client(site)) {
                // As far as anybody can tell this is the thief: it is the agent's key.
                call(site, client);
                String after = newest(site);
                Json.Obj touched = site.json("key", "touched", Site.AGENT, "--since", "" + theft);
                assertEquals(1, Values.list(touched, "sessions").size(), touched.toString());
                assertEquals("1", Values.text(touched, "uses"), touched.toString());
                assertEquals(
                        List.of(site.files().resolve("a.txt").toString()),
                        Values.list(touched, "resources").stream()
                                .map(one -> Values.text(one, ""))
                                .toList());
                Site.Said alone = site.jurat(
                        "key", "compromise", Site.AGENT, "--since", "" + theft, "--reason", "stolen", "--json");
                assertEquals("four-eyes", Values.text(alone.json(), "error.code"));
                String screen = site.atTerminal(
                                List.of(ANN, BOB),
                                "key",
                                "compromise",
                                Site.AGENT,
                                "--as",
                                "ann",
                                "--with",
                                "bob",
                                "--since",
                                "" + theft,
                                "--reason",
                                "a laptop was lost")
                        .screen();
                assertTrue(screen.contains("signs nothing more"), screen);
                administered(site);
                StdioClient.Answer refused = client.call(
                        "read_text_file", "{\"path\":\"" + site.files().resolve("a.txt") + "\"}", Servers.SOON);
                assertTrue(refused.failed(), refused.line());
                IllegalStateException thief = assertThrows(IllegalStateException.class, () -> Party.open(site, stolen));
                assertEquals("refused: key-compromised", thief.getMessage());
                assertEquals("in other hands", state(site));
                verified(site, before, "key-reported", "records-suspect");
                verified(site, after, "records-suspect", "key-retired");
            }
            site.atTerminal(
                    List.of(ANN, BOB),
                    "key",
                    "recover",
                    Site.AGENT,
                    "--as",
                    "ann",
                    "--with",
                    "bob",
                    "--reason",
                    "a new laptop");
            try (StdioClient client = client(site)) {
                call(site, client);
            }
            verified(site, newest(site), "continuity-broken", "records-suspect");
            audited(site);
            Json.Obj audit = site.json("log", "audit", site.data().toString());
            assertEquals("" + theft, Values.text(audit, "suspects.0.since"), audit.toString());
            String words = site.jurat("log", "audit", site.data().toString()).out();
            assertTrue(words.contains("suspect ") && words.contains("No defect."), words);
            registries(site, theft);
        }
    }

    /** The log alone says how everybody stood before the theft, and now; the second is what the node says, but for names. */
    private static void registries(Site site, long theft) throws IOException {
        String[] now = {"log", "registry", "--trust", site.trust().toString()};
        assertEquals(
                Values.list(site.get("/v1/principals"), "principals").stream()
                        .map(p -> ((Json.Obj) p).without("name"))
                        .toList(),
                Values.list(site.json(now), "principals"));
        Json.Obj then = site.json("log", "registry", "--at", "" + theft);
        String agent = Values.text(site.json("agent", "show", Site.AGENT), "principal");
        Json before = Values.list(then, "principals").stream()
                .filter(p -> Values.text(p, "principal").equals(agent))
                .findFirst()
                .orElseThrow();
        assertEquals("in good standing", Values.text(before, "state"));
        assertEquals(1, Values.list(before, "keys").size());
        assertTrue(site.jurat("log", "registry", "--at", "0").out().startsWith("Behind leaf 0 of "));
        Site.Said beyond = site.jurat("log", "registry", "--at", "999999", "--json");
        assertEquals("number-range", Values.text(beyond.json(), "error.code"), beyond.out());
    }

    /** A time is taken for the leaf behind the last clock leaf before it. */
    private static void timesAreLeaves(Site site) throws IOException {
        Json.Obj all = site.json("key", "touched", Site.AGENT, "--since", "2000-01-01T00:00:00Z");
        assertEquals("1", Values.text(all, "from"), "before the log there was nothing");
        assertEquals(List.of(), Values.list(site.json("log", "list", "--before", "2000-01-01T00:00:00Z"), "leaves"));
        Json clock = Values.list(site.json("log", "list", "--before", "2999-01-01T00:00:00Z"), "leaves")
                .getFirst();
        assertEquals("clock", Values.text(clock, "kind"));
        String from = Values.text(site.json("key", "touched", Site.AGENT, "--since", "2999-01-01T00:00:00Z"), "from");
        Json before = Values.list(site.json("log", "list", "--before", from, "--limit", "1"), "leaves")
                .getFirst();
        assertEquals("clock", Values.text(before, "kind"));
        Site.Said unread = site.jurat("key", "touched", Site.AGENT, "--since", "friday", "--json");
        assertEquals("time-syntax", Values.text(unread.json(), "error.code"), unread.out());
    }

    /** What an administrator says of an agent is found again, and not gone back on. */
    @Test
    void nobodyCanSayWhoseAnAgentIs() throws Exception {
        try (Site site = site()) {
            site.unlocked("agent", "enroll", "books", "ledgers");
            assertEquals("ledgers", Values.text(site.json("agent", "show", "ledgers"), "name"));
            site.unlocked(
                    "agent",
                    "describe",
                    "books",
                    "--owner",
                    "ann",
                    "--environment",
                    "production",
                    "--purpose",
                    "keeps the books",
                    "--model",
                    "a-model",
                    "--model-version",
                    "3");
            String workload = "spiffe://example.org/agents/books";
            site.unlocked("agent", "bind", "books", "--spiffe", workload);
            site.unlocked("agent", "bind", "ann", "--oidc", "https://id.example.org", "--subject", "24400320");
            Json.Obj shown = site.json("agent", "show", workload);
            assertEquals("books", Values.text(shown, "name"));
            assertEquals("production", Values.text(shown, "environment"));
            assertEquals(Values.text(site.json("agent", "show", "ann"), "principal"), Values.text(shown, "owner"));
            String elsewhere = refused(site, "agent", "describe", "books", "--environment", "staging");
            assertTrue(elsewhere.contains("environment-fixed"), elsewhere);
            String taken = refused(site, "agent", "bind", Site.AGENT, "--spiffe", workload);
            assertTrue(taken.contains("name-bound"), taken);
            Site.Said crooked = site.jurat("agent", "bind", "books", "--spiffe", "spiffe://example.org");
            assertTrue(crooked.err().contains("spiffe-syntax"), crooked.err());
            site.unlocked("key", "custody", "books", "--in", "kms", "--reason", "seen in the console");
            assertEquals("kms", Values.text(site.json("key", "custody", "books"), "custodies.0.custody"));
            site.unlocked("agent", "retire", "books", "--reason", "replaced");
            assertEquals("retired", Values.text(site.json("agent", "show", "books"), "state"));
            String again = refused(site, "agent", "resume", "books");
            assertTrue(again.contains("principal-retired"), again);
            audited(site);
        }
    }

    private static String refused(Site site, String... words) {
        return String.valueOf(
                assertThrows(IOException.class, () -> site.unlocked(words)).getMessage());
    }

    private static String state(Site site) throws IOException {
        return site.jurat("key", "list", Site.AGENT).out().contains("in other hands") ? "in other hands" : "";
    }

    /** What a person's key did for others is listed, whether it signed first or behind another key. */
    private static void administered(Site site) throws IOException {
        String ann = site.jurat("key", "touched", "ann").out();
        assertTrue(ann.contains("key enroll ") && ann.contains("compromise report "), ann);
        String bob = site.jurat("key", "touched", "bob").out();
        assertTrue(bob.contains("compromise report ") && !bob.contains("key enroll "), bob);
        Json.Obj listed = site.json("key", "touched", "bob");
        assertEquals(1, Values.list(listed, "administered").size(), listed.toString());
    }

    private static String newest(Site site) throws IOException {
        return Values.text(site.json("search"), "actions.0.id");
    }

    /** The bundle of an action is accepted, with one note and without another. */
    private static void verified(Site site, String intent, String with, String without) throws IOException {
        String bundle = site.folder().resolve(intent + with + ".jurat").toString();
        site.json("bundle", "export", "--action", intent, "--out", bundle);
        Json.Obj report = site.json("verify", "--trust", site.trust().toString(), bundle);
        List<String> notes = Values.list(report, "findings.notes").stream()
                .map(note -> Values.text(note, "code"))
                .toList();
        assertTrue(notes.contains(with), notes.toString());
        assertFalse(notes.contains(without), notes.toString());
    }
}
