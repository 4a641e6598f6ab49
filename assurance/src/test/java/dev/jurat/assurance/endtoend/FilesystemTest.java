package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingTee;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** npm's filesystem server behind the wrapper, on a claimed node that decides by {@code starter@v1}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FilesystemTest {
    private Site site;
    private StdioClient client;
    private Path counter;

    @BeforeAll
    void start() throws IOException {
        Servers.npm();
        site = Site.governed();
        Files.writeString(site.files().resolve("a.txt"), "alpha");
        Files.writeString(site.outside().resolve("secret.txt"), "secret");
        Files.createSymbolicLink(site.files().resolve("link"), site.outside());
        Files.createSymbolicLink(site.files().resolve("do\u0301r"), site.outside());
        counter = site.folder().resolve("counter");
        client = Servers.counted(site, site.home(), Site.AGENT, counter, "--hold", "1");
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    @Test
    void aReadInsideTheRootIsNotLetThrough() throws IOException {
        StdioClient.Answer answer =
                client.call("read_text_file", Texts.path(site.files().resolve("a.txt")), Servers.SOON);

        assertFalse(answer.failed(), answer.line());
        assertEquals("alpha", answer.text());
        assertEquals("allow", Values.text(Actions.newest(site, "action=read_text_file"), "decision"));
    }

    @Test
    void aWriteInsideTheRootIsNotLetThrough() throws IOException {
        Path file = site.files().resolve("new.txt");

        StdioClient.Answer answer = client.call("write_file", Texts.write(file.toString(), "new"), Servers.SOON);

        assertFalse(answer.failed(), answer.line());
        assertEquals("new", Files.readString(file));
    }

    static Stream<Arguments> waysOut() {
        return Stream.of(
                unclear("percent", s -> s.files() + "/%2e%2e/outside/out.txt"),
                unclear("percent slash", s -> s.files() + "/..%2foutside%2fout.txt"),
                unclear("fullwidth dots", s -> s.files() + "/\uFF0E\uFF0E/outside/out.txt"),
                unclear("fullwidth slash", s -> s.files() + "/..\uFF0Foutside/out.txt"),
                unclear("two-dot leader", s -> s.files() + "/\u2025/outside/out.txt"),
                unclear("not NFC", s -> s.files() + "/e\u0301/../../outside/out.txt"),
                unclear("zero width", s -> s.files() + "/.\u200B./outside/out.txt"),
                unclear("backslash", s -> s.files() + "\\..\\..\\outside\\out.txt"),
                unclear("NUL", s -> s.files() + "/a\u0000/../../outside/out.txt"),
                unclear("file URI", s -> "file://" + s.outside() + "/out.txt"),
                unclear("home", s -> "~/out.txt"),
                way("plain", s -> s.outside() + "/out.txt"),
                way("dot-dot", s -> s.files() + "/../outside/out.txt"),
                way("dot-dot in the middle", s -> s.files() + "/x/../../outside/out.txt"),
                way("symlink", s -> s.files() + "/link/out.txt"),
                way("symlink of an equal name", s -> s.files() + "/d\u00f3r/out.txt"),
                way("relative", s -> "../outside/out.txt"),
                way("letter case", s -> s.files().toString().toUpperCase(Locale.ROOT) + "/out.txt"),
                way("a sibling that begins alike", s -> s.files() + "-outside/out.txt"));
    }

    private static Arguments way(String name, Function<Site, String> path) {
        return Arguments.of(name, path, "outside-root");
    }

    /** A path that some readers take for another: refused whatever it means. */
    private static Arguments unclear(String name, Function<Site, String> path) {
        return Arguments.of(name, path, "resource-refused");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("waysOut")
    void aWriteOutsideTheRootPasses(String name, Function<Site, String> path, String code) throws IOException {
        int before = CountingTee.calls(counter).size();

        StdioClient.Answer answer = client.call("write_file", Texts.write(path.apply(site), "out"), Servers.SOON);

        assertTrue(answer.failed(), answer.line());
        assertEquals(code, Texts.refusal(answer), answer.line());
        assertEquals(before, CountingTee.calls(counter).size());
        assertFalse(Files.exists(site.outside().resolve("out.txt")));
        assertEquals("deny", Values.text(Actions.newest(site, "action=write_file"), "decision"));
    }

    @Test
    void anArgumentBeyondARangedContractPassesTheBoundary() throws IOException {
        Path policy = site.folder().resolve("head.cedar");
        Files.writeString(
                policy,
                "@id(\"head\") @shape(\"ranged\") @uses(\"5\") @limits(\"{\\\"properties\\\":{\\\"head\\\":{\\\"maximum\\\":10,"
                        + "\\\"type\\\":\\\"integer\\\"},\\\"path\\\":{\\\"type\\\":\\\"string\\\"}},\\\"type\\\":\\\"object\\\"}\") permit (principal, action, resource);\n");
        site.unlocked("policy", "publish", policy.toString(), "--name", "head@v1");
        try (StdioClient limited = Servers.counted(site, site.home(), Site.AGENT, counter)) {
            String path = "{\"path\":" + Texts.quoted(site.files() + "/a.txt") + ",\"head\":";
            StdioClient.Answer within = limited.call("read_text_file", path + "5}", Servers.SOON);
            int before = CountingTee.calls(counter).size();

            StdioClient.Answer beyond = limited.call("read_text_file", path + "50}", Servers.SOON);

            assertFalse(within.failed(), within.line());
            assertTrue(Texts.refusal(beyond).startsWith("beyond-"), beyond.line());
            assertEquals(before, CountingTee.calls(counter).size());
            assertEquals("allow", Values.text(Actions.newest(site, "action=read_text_file"), "decision"));
        } finally {
            site.publish("starter@v1");
        }
    }

    @Test
    void aReadThroughASymlinkPasses() throws IOException {
        StdioClient.Answer answer =
                client.call("read_text_file", Texts.path(site.files().resolve("link/secret.txt")), Servers.SOON);

        assertEquals("outside-root", Texts.refusal(answer), answer.line());
    }

    @Test
    void aRootThatWasReplacedByALinkLeadsOut() throws IOException {
        Path root = Files.createDirectory(site.folder().resolve("replaced"));
        Files.writeString(root.resolve("a.txt"), "alpha");
        List<String> server = CountingTee.command(counter, Servers.filesystem(root));
        try (StdioClient swapped = Servers.ready(site.wrap(site.home(), Site.AGENT, List.of("--hold", "1"), server))) {
            assertEquals(
                    "alpha",
                    swapped.call("read_text_file", Texts.path(root.resolve("a.txt")), Servers.SOON)
                            .text());
            Files.move(root, site.folder().resolve("replaced-away"));
            Files.createSymbolicLink(root, site.outside());
            int before = CountingTee.calls(counter).size();

            StdioClient.Answer read =
                    swapped.call("read_text_file", Texts.path(root.resolve("secret.txt")), Servers.SOON);
            StdioClient.Answer written =
                    swapped.call("write_file", Texts.write(root + "/owned.txt", "out"), Servers.SOON);

            assertEquals("outside-root", Texts.refusal(read), read.line());
            assertEquals("outside-root", Texts.refusal(written), written.line());
            assertEquals(before, CountingTee.calls(counter).size());
            assertFalse(Files.exists(site.outside().resolve("owned.txt")));
        }
    }

    @Test
    void anArgumentThatTheProfileDoesNotKnowMakesAWayOutAQuestionToAPerson() throws IOException {
        String out = site.outside() + "/unmapped.txt";
        int before = CountingTee.calls(counter).size();

        StdioClient.Answer extra = client.call(
                "write_file", "{\"path\":" + Texts.quoted(out) + ",\"content\":\"x\",\"extra\":1}", Servers.SOON);
        StdioClient.Answer nested = client.call(
                "read_multiple_files",
                "{\"paths\":[" + Texts.quoted(site.files() + "/a.txt") + ",[" + Texts.quoted(out) + "]]}",
                Servers.SOON);
        StdioClient.Answer many = client.call(
                "read_multiple_files",
                "{\"paths\":[" + (Texts.quoted(site.files() + "/a.txt") + ",").repeat(256) + Texts.quoted(out) + "]}",
                Servers.SOON);
        StdioClient.Answer unread = client.call("write_file", "{\"content\":\"x\"}", Servers.SOON);

        assertEquals("outside-root", Texts.refusal(extra), extra.line());
        assertEquals("outside-root", Texts.refusal(nested), nested.line());
        assertEquals("resources-too-many", Texts.refusal(many), many.line());
        assertEquals("arguments-unmapped", Texts.refusal(unread), unread.line());
        assertTrue(unread.text().contains("path must be a text"), unread.text());
        assertEquals(before, CountingTee.calls(counter).size());
        Json denied = Actions.newest(site, "decision=deny&action=write_file&resource=" + out);
        assertEquals("outside-root", Values.text(denied, "reason"));
    }

    @Test
    void aCallWithSuchAnArgumentThatIsApprovedHasNoEvidenceOrNamesNoFile() throws IOException {
        String file = site.files() + "/a.txt";
        String arguments = "{\"path\":" + Texts.quoted(file) + ",\"head\":\"1\"}";

        StdioClient.Answer waiting = client.call("read_text_file", arguments, Servers.SOON);

        assertEquals("approval-pending", Texts.refusal(waiting), waiting.line());
        assertTrue(waiting.text().contains("head must be an integer"), waiting.text());
        assertFalse(waiting.text().contains("profile publish"), waiting.text());
        assertFalse(waiting.text().contains("No accepted profile"), waiting.text());
        site.unlocked("approve", Texts.decision(waiting));
        int before = CountingTee.calls(counter).size();
        client.call("read_text_file", arguments, Servers.SOON);
        assertEquals(before + 1, CountingTee.calls(counter).size());
        Json action = Actions.newest(site, "decision=allow&action=read_text_file&resource=" + file);
        Path bundle = site.folder().resolve("unmapped.jurat");
        site.json("bundle", "export", "--action", Values.text(action, "id"), "--out", bundle.toString());
        Site.Said said = site.jurat("verify", "--trust", site.trust().toString(), bundle.toString());
        assertEquals(0, said.exit(), said.out() + said.err());
        assertTrue(said.out().contains("within"), said.out());
    }

    @Test
    void aRelativePathStartsFromWhatTheWrapperWasGivenAndNotTheServer() throws IOException {
        Path given = Files.createDirectories(site.folder().resolve("given"));
        Path narrow = Files.createDirectories(given.resolve("narrow"));
        Files.writeString(given.resolve("secret.txt"), "secret");
        Files.writeString(narrow.resolve("a.txt"), "alpha");
        List<String> options = List.of("--hold", "1", "--root", narrow.toString());
        try (StdioClient narrowed =
                Servers.ready(site.wrap(site.home(), Site.AGENT, options, Servers.filesystem(given)))) {
            StdioClient.Answer out = narrowed.call("read_text_file", Texts.path("secret.txt"), Servers.SOON);
            StdioClient.Answer in = narrowed.call("read_text_file", Texts.path("narrow/a.txt"), Servers.SOON);

            assertEquals("outside-root", Texts.refusal(out), out.line());
            assertEquals("alpha", in.text(), in.line());
        }
    }

    @Test
    void duplicateKeysInArgumentsReachADecision() throws IOException {
        int before = CountingTee.calls(counter).size();
        long decided = decided(site);
        String twice = "{\"path\":" + Texts.quoted(site.files() + "/a.txt") + ",\"path\":"
                + Texts.quoted(site.outside() + "/secret.txt") + "}";

        StdioClient.Answer answer = client.call("read_text_file", twice, Servers.SOON);

        assertTrue(answer.failed(), answer.line());
        assertEquals("json-duplicate-key", Texts.refusal(answer), answer.line());
        assertEquals(before, CountingTee.calls(counter).size());
        assertEquals(decided, decided(site), "an action was decided on");
        Json refused = Actions.refusedFor(site, "json-duplicate-key");
        Path bundle = site.folder().resolve("a refusal.jurat");
        Site.Said none =
                site.jurat("bundle", "export", "--action", Values.text(refused, "id"), "--out", bundle.toString());
        assertEquals(2, none.exit(), none.out() + none.err());
        assertTrue(none.err().contains("belongs to no action (scope-missing)"), none.err());
        String session = Values.text(refused, "principal") + "/" + Values.text(refused, "session");
        String command = "jurat bundle export --session " + session + " --out '" + bundle + "'";
        assertTrue(none.err().contains("next: " + command), none.err());
        site.json("bundle", "export", "--session", session, "--out", bundle.toString());
        Site.Said said = site.jurat("verify", "--trust", site.trust().toString(), bundle.toString());
        assertEquals(0, said.exit(), said.out() + said.err());
    }

    /** Acts that came as far as a decision: what the wrapper refuses to read is an act of its own, with the reader's code. */
    private static long decided(Site site) throws IOException {
        return Actions.all(site, "").stream()
                .filter(a -> !Values.text(a, "reason").startsWith("json-"))
                .count();
    }

    @Test
    void aResourceIsReadWithoutADecision() throws IOException {
        int before = CountingTee.calls(counter).size();

        StdioClient.Answer answer =
                client.request("resources/read", "{\"uri\":\"file://" + site.files() + "/a.txt\"}", Servers.SOON);

        assertNotEquals("", Texts.refusal(answer), answer.line());
        assertEquals(before, CountingTee.calls(counter).size());
    }

    @Test
    void aPromptIsTakenWithoutADecision() throws IOException {
        int before = CountingTee.calls(counter).size();

        StdioClient.Answer answer = client.request("prompts/get", "{\"name\":\"any\"}", Servers.SOON);

        assertNotEquals("", Texts.refusal(answer), answer.line());
        assertEquals(before, CountingTee.calls(counter).size());
    }
}
