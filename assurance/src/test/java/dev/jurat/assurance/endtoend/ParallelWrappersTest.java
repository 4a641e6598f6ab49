package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.LogReader;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.SignedRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Five wrappers of one agent at once, each with twenty calls in parallel. */
final class ParallelWrappersTest {
    private static final int WRAPPERS = 5;
    private static final int CALLS = 20;

    @Test
    void parallelCallsBreakAStreamOrAreAttributedToAnother() throws Exception {
        try (Site site = Site.fresh()) {
            site.up();
            Path counter = site.folder().resolve("counter");
            List<StdioClient> clients = new ArrayList<>();
            for (int i = 0; i < WRAPPERS; i++) {
                clients.add(site.wrap("crowd", List.of("--observe"), CountingServer.command(counter)));
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

            List<String> ran = CountingServer.ran(counter);
            assertEquals(WRAPPERS * CALLS, ran.size());
            assertEquals(WRAPPERS * CALLS, new HashSet<>(ran).size());
            try (LogReader log = new LogReader(site.logAddress())) {
                List<SignedRecord> records = new ArrayList<>();
                for (byte[] leaf : log.leaves(log.checkpoint().size().value())) {
                    records.add(SignedRecord.ofLeaf(leaf));
                }
                check(records);
            }
        }
    }

    private static void check(List<SignedRecord> records) {
        Set<Kind> bad = Set.of(Kind.REFUSED, Kind.CONFLICT, Kind.INCOMPLETE);
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
        Map<String, Long> uses = records.stream()
                .filter(r -> r.kind() == Kind.USE)
                .collect(Collectors.groupingBy(r -> r.header().stream().session(), Collectors.counting()));
        Map<String, Long> intents = records.stream()
                .filter(r -> r.kind() == Kind.INTENT)
                .collect(Collectors.groupingBy(r -> r.header().stream().session(), Collectors.counting()));
        assertEquals(List.of((long) CALLS), uses.values().stream().distinct().toList());
        assertEquals(List.of((long) CALLS), intents.values().stream().distinct().toList());
        assertEquals(WRAPPERS, uses.size());
        assertEquals(WRAPPERS, intents.size());
        assertEquals(
                WRAPPERS * CALLS,
                records.stream().filter(r -> r.kind() == Kind.OUTCOME).count());
    }
}
