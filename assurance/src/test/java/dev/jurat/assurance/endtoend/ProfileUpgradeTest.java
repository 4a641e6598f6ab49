package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A profile that takes another one's place for the same server, and is taken away again. */
final class ProfileUpgradeTest {
    private static final String STRICT = "filesystem-strict@1";

    @Test
    void theProfileThatWasPublishedLastDoesNotDecideOrCannotBeTakenAway() throws Exception {
        try (Site site = Site.governed()) {
            String shipped = Values.text(site.json("profile", "list"), "profiles.0.name");
            Path file = strict(site, shipped);
            site.unlocked("profile", "publish", file.toString());
            StdioClient before = wrap(site);
            refused(site, before, "effect-not-permitted");
            assertTrue(
                    before.process()
                            .errors()
                            .contains(STRICT + " was published last and is used; not used: " + shipped),
                    before.process().errors());
            site.node().signal("TERM");
            site.node().exit(Site.READY);
            site.up();
            StdioClient running = wrap(site);
            refused(site, running, "effect-not-permitted");

            String screen = site.unlocked("profile", "withdraw", STRICT).screen();
            assertTrue(screen.contains(STRICT + " is withdrawn"), screen);
            refused(site, running, "tool-mismatch");
            StdioClient after = wrap(site);
            StdioClient.Answer written = after.call("write_file", arguments(site), Servers.SOON);
            assertFalse(written.failed(), written.line());
            assertEquals(
                    "",
                    after.process()
                            .errors()
                            .lines()
                            .filter(l -> l.startsWith("jurat"))
                            .findFirst()
                            .orElse(""));

            Json.Obj listed = site.json("profile", "list");
            assertEquals(shipped, Values.text(listed, "profiles.0.name"));
            assertEquals(STRICT, Values.text(listed, "withdrawn.0.name"));
            String table = site.jurat("profile", "list").out();
            assertTrue(table.contains(STRICT + "\twithdrawn"), table);
            String shown = site.jurat("profile", "show", STRICT).out();
            assertTrue(shown.contains("It was withdrawn") && shown.contains("jurat profile publish"), shown);

            site.unlocked("profile", "publish", STRICT);
            refused(site, wrap(site), "effect-not-permitted");
            site.unlocked("profile", "publish", shipped);
            assertFalse(
                    wrap(site).call("write_file", arguments(site), Servers.SOON).failed());
        }
    }

    /** The shipped profile under another name, with writing as destroying. */
    private static Path strict(Site site, String shipped) throws IOException {
        Json.Obj profile = site.json("profile", "show", shipped);
        String text = profile.toString();
        Json.Obj tools = (Json.Obj) profile.members().get("tools");
        Json.Obj tool = (Json.Obj) tools.members().get("write_file");
        Json.Obj changed = profile.with("name", Json.of(STRICT))
                .with("tools", tools.with("write_file", tool.with("effect", Json.of("destroy"))));
        assertFalse(text.equals(changed.toString()));
        Path file = site.folder().resolve("strict.json");
        Files.write(file, dev.jurat.proof.json.CanonicalJson.write(changed));
        return file;
    }

    private static StdioClient wrap(Site site) throws IOException {
        return Servers.ready(site.wrap(Site.AGENT, List.of("--hold", "0"), Servers.filesystem(site.files())));
    }

    private static String arguments(Site site) {
        return "{\"path\":" + Texts.quoted(site.files() + "/a.txt") + ",\"content\":\"x\"}";
    }

    private static void refused(Site site, StdioClient client, String code) throws IOException {
        StdioClient.Answer answer = client.call("write_file", arguments(site), Servers.SOON);
        assertEquals(code, Texts.refusal(answer), answer.line());
    }
}
