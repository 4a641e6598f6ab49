package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.LogReader;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Five wrappers of one agent at once, each with twenty calls in parallel, each call decided by itself. */
final class ParallelWrappersTest {
    private static final int WRAPPERS = 5;
    private static final int CALLS = 20;

    @Test
    void parallelCallsBreakAStreamOrAreAttributedToAnother() throws Exception {
        try (Site site = Site.governed()) {
            decideEachCall(site);
            Path counter = site.folder().resolve("counter");
            call(site, counter);

            List<String> ran = CountingServer.ran(counter);
            assertEquals(WRAPPERS * CALLS, ran.size());
            assertEquals(WRAPPERS * CALLS, new HashSet<>(ran).size());
            try (LogReader log = new LogReader(site.logAddress())) {
                List<SignedRecord> records = new ArrayList<>();
                for (byte[] leaf : log.leaves(log.checkpoint().size().value())) {
                    records.add(SignedRecord.ofLeaf(leaf));
                }
                unbroken(records);
                attributed(site, records);
            }
        }
    }

    private static void decideEachCall(Site site) throws IOException {
        Path policy = site.folder().resolve("open.cedar");
        Files.writeString(policy, "@id(\"open\")\n@shape(\"exact\")\npermit (principal, action, resource);\n");
        site.unlocked("policy", "publish", policy.toString(), "--name", "open@v1");
    }

    /** Wrapper i calls with the words that {@link #words} says, all at once. */
    private static void call(Site site, Path counter) throws IOException {
        List<StdioClient> clients = new ArrayList<>();
        for (int i = 0; i < WRAPPERS; i++) {
            clients.add(site.wrap(Site.AGENT, List.of(), CountingServer.command(counter)));
        }
        for (StdioClient client : clients) {
            Servers.ready(client);
        }
        List<CompletableFuture<StdioClient.Answer>> answers = new ArrayList<>();
        for (int call = 0; call < CALLS; call++) {
            for (int i = 0; i < WRAPPERS; i++) {
                answers.add(clients.get(i).callLater("count", "{\"word\":\"w" + i + "c" + call + "\"}"));
            }
        }
        for (int i = 0; i < answers.size(); i++) {
            StdioClient.Answer answer = clients.get(i % WRAPPERS).await(answers.get(i), Servers.SOON);
            assertFalse(answer.failed(), answer.line());
        }
        for (StdioClient client : clients) {
            assertEquals(0, client.leave(Servers.SOON));
        }
    }

    private static Set<String> words(int wrapper) {
        return IntStream.range(0, CALLS).mapToObj(c -> "w" + wrapper + "c" + c).collect(Collectors.toSet());
    }

    private static void unbroken(List<SignedRecord> records) {
        Set<Kind> bad = Set.of(Kind.REFUSED, Kind.CONFLICT, Kind.INCOMPLETE, Kind.REFUSAL, Kind.VIOLATION);
        assertTrue(records.stream().noneMatch(r -> bad.contains(r.kind())), "records were refused");
        Map<String, TreeMap<Long, SignedRecord>> streams = new HashMap<>();
        for (SignedRecord record : records) {
            SignedRecord twice = streams.computeIfAbsent(
                            record.header().stream().toString(), s -> new TreeMap<>())
                    .put(record.header().sequence(), record);
            assertEquals(null, twice);
        }
        streams.forEach(
                (stream, numbers) -> assertEquals(numbers.size() - 1L, numbers.lastKey(), stream + " has a gap"));
    }

    // ---- whose call was it

    /** The words of each session's uses, and of each session's intents, are those of one wrapper; and both sessions go together. */
    private static void attributed(Site site, List<SignedRecord> records) throws Exception {
        Map<RecordId, SignedRecord> byId =
                records.stream().collect(Collectors.toMap(SignedRecord::id, Function.identity()));
        Map<String, Set<String>> byPoint = new TreeMap<>();
        Map<String, Set<String>> byAgent = new TreeMap<>();
        Map<String, String> together = new TreeMap<>();
        for (SignedRecord use : records) {
            if (use.kind() == Kind.USE) {
                SignedRecord identity = byId.get(use.header().references().one("identity"));
                SignedRecord intent = byId.get(identity.header().references().one("intent"));
                String word = word(site, use);
                assertEquals(word, word(site, intent), "the intent is of another call");
                String point = use.header().stream().session();
                String agent = intent.header().stream().session();
                byPoint.computeIfAbsent(point, s -> new TreeSet<>()).add(word);
                byAgent.computeIfAbsent(agent, s -> new TreeSet<>()).add(word);
                assertEquals(agent, together.computeIfAbsent(point, s -> agent), "two agents' sessions at one wrapper");
            }
        }
        Set<Set<String>> expected = IntStream.range(0, WRAPPERS)
                .mapToObj(ParallelWrappersTest::words)
                .collect(Collectors.toSet());
        assertEquals(expected, Set.copyOf(byPoint.values()));
        assertEquals(expected, Set.copyOf(byAgent.values()));
        outcomes(records, byId);
        searched(site, together);
    }

    /** Search gives each agent's session its calls, and trace leads from each of them to a use of the session that goes with it. */
    private static void searched(Site site, Map<String, String> together) throws IOException {
        List<Json> all = Actions.all(site, "action=count&outcome=success");
        assertEquals(WRAPPERS * CALLS, all.size());
        Map<String, Long> found =
                all.stream().collect(Collectors.groupingBy(a -> Values.text(a, "session"), Collectors.counting()));
        assertEquals(Set.copyOf(together.values()), found.keySet());
        assertEquals(Set.of((long) CALLS), Set.copyOf(found.values()));
        for (Json action : all) {
            List<Json> uses = Values.list(site.get("/v1/trace/" + Values.text(action, "id")), "records").stream()
                    .filter(r -> Values.text(r, "kind").equals("use"))
                    .toList();
            assertEquals(1, uses.size());
            assertEquals(Values.text(action, "session"), together.get(Values.text(uses.getFirst(), "session")));
        }
    }

    private static String word(Site site, SignedRecord record) throws IOException, FormatException {
        String body = Values.text(site.get("/v1/records/" + record.id().hex()), "body");
        CallDetails details = CallDetails.read(Body.read(Base64Text.decode(body)));
        return Values.text(CanonicalJson.readLoose(details.arguments().orElseThrow()), "word");
    }

    /** Each use has one outcome, a success, from its own session. */
    private static void outcomes(List<SignedRecord> records, Map<RecordId, SignedRecord> byId) {
        Set<RecordId> closed = new HashSet<>();
        for (SignedRecord outcome : records) {
            if (outcome.kind() == Kind.OUTCOME) {
                RecordId use = outcome.header().references().one("use");
                assertEquals(byId.get(use).header().stream(), outcome.header().stream());
                assertTrue(closed.add(use), "a use has two outcomes");
            }
        }
        assertEquals(WRAPPERS * CALLS, closed.size());
    }
}
