package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A client that tells npm's filesystem server folders of its own, which that server takes in place of the operator's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientRootsTest {
    private Site site;

    @BeforeAll
    void start() throws IOException {
        Servers.npm();
        site = Site.governed();
        Files.writeString(site.files().resolve("same.txt"), "inside");
        Files.writeString(site.outside().resolve("same.txt"), "outside");
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    private StdioClient client(String capabilities) throws IOException {
        StdioClient client = site.wrap(Site.AGENT, List.of(), Servers.filesystem(site.files()));
        client.keep("roots/list");
        client.request(
                "initialize",
                "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":" + capabilities
                        + ",\"clientInfo\":{\"name\":\"a\",\"version\":\"1\"}}",
                Servers.SOON);
        client.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        client.request("tools/list", "{}", Servers.SOON);
        return client;
    }

    private static String roots(String id, Path folder) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"roots\":[{\"uri\":\"" + folder.toUri() + "\"}]}}";
    }

    @Test
    void aRelativePathGoesOutBeforeTheClientSaysWhatItIsRelativeTo() throws Exception {
        try (StdioClient client = client("{\"roots\":{\"listChanged\":true}}")) {
            String asked = client.keep("roots/list").get(20, TimeUnit.SECONDS);
            for (int millis : List.of(0, 3, 8)) {
                CompletableFuture<StdioClient.Answer> call = client.callLater("read_text_file", Texts.path("same.txt"));
                Thread.sleep(millis);
                if (millis == 8) {
                    client.send(roots(asked, site.outside()));
                }
                StdioClient.Answer answer = client.await(call, Servers.SOON);
                assertEquals("resource-refused", Texts.refusal(answer), answer.line());
            }
            StdioClient.Answer write = client.call("write_file", Texts.write("new.txt", "x"), Servers.SOON);
            assertEquals("resource-refused", Texts.refusal(write), write.line());
            StdioClient.Answer whole =
                    client.call("read_text_file", Texts.path(site.outside().resolve("same.txt")), Servers.SOON);
            assertEquals("outside-root", Texts.refusal(whole), whole.line());
            assertFalse(Files.exists(site.outside().resolve("new.txt")));
        }
    }

    @Test
    void aClientThatHasReadByARelativePathMovesTheFolderAfterwards() throws Exception {
        try (StdioClient client = client("{}")) {
            CompletableFuture<String> asked = client.keep("roots/list");
            String path = Texts.path("same.txt");
            assertEquals(
                    "inside", client.call("read_text_file", path, Servers.SOON).text());
            client.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}");
            StdioClient.Answer again = client.call("read_text_file", path, Servers.SOON);
            assertEquals("inside", again.text(), again.line());
            assertFalse(asked.isDone(), "the server asked for the client's folders");
        }
    }

    @Test
    void aClientThatMovesTheFolderIsTakenForOneThatDoesNot() throws Exception {
        try (StdioClient client = client("{}")) {
            client.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}");
            CompletableFuture<StdioClient.Answer> call = client.callLater("read_text_file", Texts.path("same.txt"));
            String asked = client.keep("roots/list").get(20, TimeUnit.SECONDS);
            client.send(roots(asked, site.outside()));
            StdioClient.Answer answer = client.await(call, Servers.SOON);
            assertEquals("resource-refused", Texts.refusal(answer), answer.line());
            assertTrue(answer.failed());
        }
    }
}
