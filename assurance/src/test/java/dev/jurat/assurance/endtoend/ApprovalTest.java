package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Calls that wait for a person: tools of a server that no profile knows, under {@code starter@v1}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(4)
final class ApprovalTest {
    private Site site;
    private Path counter;
    private StdioClient client;

    @BeforeAll
    void start() throws IOException {
        site = Site.governed();
        counter = site.folder().resolve("counter");
        client = wrap("1");
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    private StdioClient wrap(String holdSeconds) throws IOException {
        return Servers.ready(site.wrap(Site.AGENT, List.of("--hold", holdSeconds), CountingServer.command(counter)));
    }

    private long ran(String word) throws IOException {
        return CountingServer.ran(counter).stream()
                .filter(("count " + word)::equals)
                .count();
    }

    @Test
    void anUnknownToolRunsBeforeApproval() throws IOException {
        StdioClient.Answer answer = client.call("count", "{\"word\":\"early\"}", Servers.SOON);

        assertEquals("approval-pending", Texts.refusal(answer), answer.line());
        assertTrue(
                answer.text().contains("jurat approve --home " + site.home() + " " + Texts.decision(answer)),
                answer.text());
        assertEquals(0, ran("early"));
        assertTrue(site.get("/v1/pending").toString().contains(Texts.decision(answer)));
    }

    @Test
    void anApprovedCallIsNotAllowedOrRunsTwice() throws IOException {
        String arguments = "{ \"word\" : \"approved\" }";
        StdioClient.Answer waiting = client.call("count", arguments, Servers.SOON);
        String said = site.unlocked("approve", Texts.decision(waiting)).screen();
        assertTrue(said.contains("the same call goes out once it is repeated."), said);
        assertTrue(said.contains("An administrator makes it known: jurat profile publish"), said);
        Json.Obj touched = site.json("key", "touched", "ann");
        assertFalse(Values.list(touched, "contracts").isEmpty(), touched.toString());

        StdioClient.Answer answer = client.call("count", arguments, Servers.SOON);
        StdioClient.Answer again = client.call("count", arguments, Servers.SOON);

        assertFalse(answer.failed(), answer.line());
        assertEquals("approval-pending", Texts.refusal(again), again.line());
        assertNotEquals(Texts.decision(waiting), Texts.decision(again));
        assertEquals(1, ran("approved"));
    }

    @Test
    void anApprovalCoversOtherBytes() throws IOException {
        StdioClient.Answer waiting = client.call("count", "{\"word\":\"asked\"}", Servers.SOON);
        site.unlocked("approve", Texts.decision(waiting));

        StdioClient.Answer answer = client.call("count", "{\"word\":\"other\"}", Servers.SOON);

        assertEquals("approval-pending", Texts.refusal(answer), answer.line());
        assertEquals(0, ran("other"));
        assertEquals(0, ran("asked"));
    }

    /** The server may be another by then under the same command, and its tool of that name do something else. */
    @Test
    void anApprovalIsSpentOnAToolOfAnotherDefinition() throws IOException {
        String arguments = "{\"word\":\"redefined\"}";
        StdioClient.Answer waiting = client.call("count", arguments, Servers.SOON);
        site.unlocked("approve", Texts.decision(waiting));
        StdioClient other;
        Files.writeString(CountingServer.says(counter), "Counts a word and forgets it");
        try {
            other = wrap("1");
        } finally {
            Files.delete(CountingServer.says(counter));
        }

        assertDecidedAnew(waiting, other.call("count", arguments, Servers.SOON));
        assertEquals(0, ran("redefined"));
        assertFalse(client.call("count", arguments, Servers.SOON).failed());
        assertEquals(1, ran("redefined"));
    }

    /** The same software over other data: only its command line tells. */
    @Test
    void anApprovalIsSpentOnAServerThatWasLaunchedOverOtherData() throws IOException {
        Path production = site.folder().resolve("production");
        String arguments = "{\"word\":\"elsewhere\"}";
        StdioClient.Answer waiting = client.call("count", arguments, Servers.SOON);
        StdioClient other =
                Servers.ready(site.wrap(Site.AGENT, List.of("--hold", "1"), CountingServer.command(production)));
        StdioClient.Answer before = other.call("count", arguments, Servers.SOON);
        String said = site.unlocked("approve", Texts.decision(waiting)).screen();
        String whole = said.replaceAll("\\R\\s+\\| ", "");
        assertTrue(whole.contains(counter.toString()) && !whole.contains(production.toString()), said);

        StdioClient.Answer answer = other.call("count", arguments, Servers.SOON);

        assertDecidedAnew(waiting, before);
        assertDecidedAnew(waiting, answer);
        assertEquals(List.of(), CountingServer.ran(production));
        assertEquals(0, ran("elsewhere"));
        try (StdioClient again = wrap("1")) {
            assertFalse(again.call("count", arguments, Servers.SOON).failed());
        }
        assertEquals(1, ran("elsewhere"));
        assertDecidedAnew(waiting, other.call("count", arguments, Servers.SOON));
    }

    @Test
    void anApprovalIsSpentInAnotherWorkingFolder() throws IOException {
        Path there = Files.createDirectory(site.folder().resolve("there"));
        String arguments = "{\"word\":\"there\"}";
        StdioClient.Answer waiting = client.call("count", arguments, Servers.SOON);
        site.unlocked("approve", Texts.decision(waiting));
        StdioClient other =
                Servers.ready(site.wrapIn(there, Site.AGENT, List.of("--hold", "1"), CountingServer.command(counter)));

        assertDecidedAnew(waiting, other.call("count", arguments, Servers.SOON));
        assertEquals(0, ran("there"));
        assertFalse(client.call("count", arguments, Servers.SOON).failed());
    }

    /** What people approved lies inside the folder; by the time of the repeat its name leads out of it. */
    @Test
    void anApprovalIsSpentWhereALinkLeadsElsewhereSince() throws IOException {
        Path report = Files.writeString(site.files().resolve("report.txt"), "harmless");
        Path secret = Files.writeString(site.outside().resolve("secret.txt"), "secret");
        String read = "{\"uri\":\"" + report.toUri() + "\"}";
        try (StdioClient rooted = Servers.ready(site.wrap(
                Site.AGENT,
                List.of("--hold", "1", "--root", site.files().toString()),
                CountingServer.command(counter)))) {
            StdioClient.Answer waiting = rooted.request("resources/read", read, Servers.SOON);
            site.unlocked("approve", Texts.decision(waiting));
            Files.delete(report);
            Files.createSymbolicLink(report, secret);

            StdioClient.Answer swapped = rooted.request("resources/read", read, Servers.SOON);
            assertEquals("outside-root", Texts.refusal(swapped), swapped.line());
            assertFalse(CountingServer.ran(counter).contains("resources/read " + report.toUri()));

            Files.delete(report);
            Files.writeString(report, "harmless");
            assertFalse(rooted.request("resources/read", read, Servers.SOON).failed());
        }
    }

    @Test
    void aRejectionAnswersForAServerThatWasLaunchedInAnotherWay() throws IOException {
        String arguments = "{\"word\":\"turned down\"}";
        StdioClient.Answer waiting = client.call("count", arguments, Servers.SOON);
        site.unlocked("deny", Texts.decision(waiting), "--reason", "not on these data");
        StdioClient other = Servers.ready(site.wrap(
                Site.AGENT,
                List.of("--hold", "1"),
                CountingServer.command(site.folder().resolve("test-data"))));

        assertDecidedAnew(waiting, other.call("count", arguments, Servers.SOON));
        assertEquals("rejected", Texts.refusal(client.call("count", arguments, Servers.SOON)));
    }

    private static void assertDecidedAnew(StdioClient.Answer first, StdioClient.Answer answer) {
        assertEquals("approval-pending", Texts.refusal(answer), answer.line());
        assertNotEquals(Texts.decision(first), Texts.decision(answer));
    }

    @Test
    void equalTreesInOtherBytesAreNotSentAsApproved() throws IOException {
        StdioClient.Answer waiting = client.call("count", "{\"word\":\"spelt\"}", Servers.SOON);
        site.unlocked("approve", Texts.decision(waiting));

        StdioClient.Answer answer = client.call("count", "{ \"word\": \"sp\\u0065lt\" }", Servers.SOON);

        assertFalse(answer.failed(), answer.line());
        assertEquals(1, ran("spelt"));
    }

    @Test
    void aRejectedCallRuns() throws IOException {
        StdioClient.Answer waiting = client.call("count", "{\"word\":\"rejected\"}", Servers.SOON);
        site.unlocked("deny", Texts.decision(waiting), "--reason", "not today");

        StdioClient.Answer answer = client.call("count", "{\"word\":\"rejected\"}", Servers.SOON);

        assertEquals("rejected", Texts.refusal(answer), answer.line());
        assertTrue(answer.text().contains("A person rejected this call: not today"), answer.text());
        assertTrue(Values.list(site.get("/v1/pending"), "pending").stream()
                .noneMatch(item -> Values.text(item, "decision").equals(Texts.decision(answer))));
        assertEquals(0, ran("rejected"));
    }

    @Test
    void aBundleOfAnApprovedRepeatIsRefusedOrTheRepeatHasNoAuthority() throws IOException {
        String arguments = "{\"word\":\"evidence\"}";
        try (StdioClient asking = wrap("0")) {
            StdioClient.Answer waiting = asking.call("count", arguments, Servers.SOON);
            assertEquals("approval-pending", Texts.refusal(waiting), waiting.line());
            site.unlocked("approve", Texts.decision(waiting));
            assertFalse(asking.call("count", arguments, Servers.SOON).failed());
        }
        assertEquals(1, ran("evidence"));

        Json repeat = Actions.newest(site, "action=count&decision=allow&outcome=success");
        assertEquals("permitted", Values.text(repeat, "reason"));
        String id = Values.text(repeat, "id");
        List<String> kinds = Values.list(site.json("trace", id), "records").stream()
                .map(record -> Values.text(record, "kind"))
                .toList();
        assertTrue(
                kinds.containsAll(List.of("approval", "decision", "contract", "identity", "use", "outcome")),
                kinds.toString());
        assertVerifies("--action", id);
        assertVerifies("--all");
    }

    private void assertVerifies(String... what) throws IOException {
        Path bundle = site.folder().resolve("repeat" + what.length + ".jurat");
        List<String> export = new ArrayList<>(List.of("bundle", "export"));
        export.addAll(List.of(what));
        export.addAll(List.of("--out", bundle.toString()));
        site.json(export.toArray(String[]::new));
        Site.Said said = site.jurat("verify", "--trust", site.trust().toString(), bundle.toString());
        assertEquals(0, said.exit(), said.out() + said.err());
    }

    @Test
    void whatTheMessageTableRefusesIsNotFound() throws IOException {
        client.send(
                "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"arguments\":{\"word\":\"a\",\"word\":\"b\"}}}");
        client.request("ping", "{}", Servers.SOON);

        // The record follows the answer.
        long deadline = System.nanoTime() + Servers.SOON.toNanos();
        List<Json> found = List.of();
        while (found.isEmpty() && System.nanoTime() < deadline) {
            found = Actions.all(site, "decision=deny&outcome=refused").stream()
                    .filter(action -> Values.text(action, "reason").equals("json-duplicate-key"))
                    .toList();
        }

        assertEquals(1, found.size());
        assertEquals("(unread)", Values.text(found.getFirst(), "action"));
    }

    @Test
    void aHeldCallDoesNotGoOutWhenItIsApproved() throws IOException {
        try (StdioClient patient = wrap("25")) {
            List<Json> before = waiting();
            CompletableFuture<StdioClient.Answer> call = patient.callLater("count", "{\"word\":\"held\"}");
            String decision = newcomer(before);
            assertFalse(call.isDone());
            site.unlocked("approve", decision);

            StdioClient.Answer answer = patient.await(call, Servers.SOON);

            assertFalse(answer.failed(), answer.line());
            assertEquals(1, ran("held"));
        }
    }

    private List<Json> waiting() throws IOException {
        return Values.list(site.get("/v1/pending"), "pending");
    }

    /** The decision that waits now and did not before, waited for. */
    private String newcomer(List<Json> before) throws IOException {
        long deadline = System.nanoTime() + Servers.SOON.toNanos();
        while (System.nanoTime() < deadline) {
            for (Json item : waiting()) {
                if (!before.contains(item)) {
                    return Values.text(item, "decision");
                }
            }
            LockSupport.parkNanos(20_000_000);
        }
        throw new IOException("nothing new waits");
    }

    @Test
    void aResourceOrPromptIsServedUnasked() throws IOException {
        StdioClient.Answer resource = client.request("resources/read", "{\"uri\":\"count://all\"}", Servers.SOON);
        StdioClient.Answer prompt = client.request("prompts/get", "{\"name\":\"greet\"}", Servers.SOON);

        assertNotEquals("", Texts.refusal(resource), resource.line());
        assertNotEquals("", Texts.refusal(prompt), prompt.line());
        assertTrue(
                CountingServer.ran(counter).stream().noneMatch(l -> l.contains("/")),
                CountingServer.ran(counter).toString());
    }
}
