package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.RawHttp;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Terminal;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * The shared door: who somebody is there, and what their role keeps from them. The user of this machine is bound to one principal after the
 * other, since the door does not care that it is the node's own.
 */
final class AccessTest {
    private static final String USER = System.getProperty("user.name");
    private static final Terminal.Line ANN = new Terminal.Line("of ann", Site.PASSPHRASE);

    private static Path shared(Site site) throws IOException {
        Path folder = Files.createDirectories(site.folder().resolve("shared"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder;
    }

    private static void restart(Site site, String... options) throws IOException {
        ManagedProcess node = site.node();
        node.signal("TERM");
        node.exit(Duration.ofSeconds(30));
        site.up(options);
    }

    private static void enrol(Site site, String name, String role) throws IOException {
        site.atTerminal(
                List.of(
                        ANN,
                        new Terminal.Line("assphrase", Site.PASSPHRASE),
                        new Terminal.Line("again", Site.PASSPHRASE)),
                "operator",
                "enroll",
                "--name",
                name,
                "--by",
                "ann",
                "--role",
                role,
                "--light");
    }

    private static void ann(Site site, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--as", "ann"));
        site.atTerminal(List.of(ANN), all.toArray(String[]::new));
    }

    private static String answer(Path socket, String path) throws IOException {
        RawHttp.Reply reply = RawHttp.get(socket, path);
        return reply.status() == 200 ? "" : reply.status() + " " + Values.text(reply.json(), "code");
    }

    private static String posted(Path socket, String path) throws IOException {
        RawHttp.Reply reply = RawHttp.post(socket, path, "application/json", "{}".getBytes(StandardCharsets.US_ASCII));
        return reply.status() + " " + Values.text(reply.json(), "code");
    }

    private static String code(Site site, String... words) throws IOException {
        return Values.text(site.jurat(words).json(), "error.code");
    }

    @Test
    void somebodyAsksForMoreThanTheirRoleHas() throws Exception {
        try (Site site = Site.governed()) {
            Path folder = shared(site);
            restart(site, "--share", folder.toString());
            Path door = folder.resolve("node.sock");
            assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(door)));
            assertEquals("403 peer-not-allowed", answer(door, "/v1/status"));
            assertEquals("403 peer-not-allowed", answer(door, "/v1/nothing"));
            enrol(site, "dan", "reader");
            enrol(site, "carol", "auditor");

            ann(site, "agent", "bind", "dan", "--os-user", USER);
            assertEquals("", answer(door, "/v1/search"));
            assertEquals("403 role-not-allowed", answer(door, "/v1/bundle?all=true"));
            assertEquals("403 role-not-allowed", answer(door, "/v1/keys/touched?principal=a&key=b"));
            for (String path : List.of("groups", "batch", "token", "approvals", "revocations", "backup")) {
                assertEquals("403 role-not-allowed", posted(door, "/v1/" + path), path);
            }
            ann(site, "agent", "unbind", "dan", "--os-user", USER);
            assertEquals("403 peer-not-allowed", answer(door, "/v1/search"));

            ann(site, "agent", "bind", "carol", "--os-user", USER);
            audits(site, folder);
            ann(site, "agent", "unbind", "carol", "--os-user", USER);

            ann(site, "agent", "bind", Site.AGENT, "--os-user", USER);
            acts(site, door);
            floods(site, door);
            ann(site, "agent", "suspend", Site.AGENT);
            assertEquals("403 peer-not-allowed", answer(door, "/v1/head"));
        }
    }

    /** Values take many times the room of their text: sent all at once, they would end the node for everybody. */
    private static void floods(Site site, Path door) throws Exception {
        assertEquals(Set.of(413), sent(door, 46 << 20, 3), "body-too-large, before it is read");
        assertTrue(Set.of(400, 503).containsAll(sent(door, 10 << 20, 6)), "refused as no group, or told to come again");
        assertTrue(site.node().alive());
        assertEquals("", answer(site.socket(), "/v1/status"));
        assertEquals("", answer(door, "/v1/head"));
    }

    private static Set<Integer> sent(Path door, int bytes, int times) throws Exception {
        byte[] body = values(bytes);
        Set<Integer> statuses = new HashSet<>();
        try (var many = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> one = () ->
                    RawHttp.post(door, "/v1/batch", "application/json", body).status();
            for (Future<Integer> answer : many.invokeAll(Collections.nCopies(times, one))) {
                statuses.add(answer.get());
            }
        }
        return statuses;
    }

    private static byte[] values(int bytes) {
        return ("{\"groups\":[" + "1,".repeat(bytes / 2) + "1]}").getBytes(StandardCharsets.US_ASCII);
    }

    private static void audits(Site site, Path folder) throws IOException {
        Path door = folder.resolve("node.sock");
        String data = folder.toString();
        assertEquals("", answer(door, "/v1/leaves"));
        assertEquals("403 export-unrecorded", answer(door, "/v1/bundle?all=true"));
        assertEquals("403 export-unknown", answer(door, "/v1/bundle?export=" + "0".repeat(64)));
        assertEquals("403 role-not-allowed", posted(door, "/v1/token"));
        String out = site.folder().resolve("all.jurat").toString();
        Terminal.Result said = Terminal.run(
                Programs.jurat("log", "hold", "--everything", "--ground", "audit", "--as", "ann", "--data", data),
                site.folder(),
                site.environment(),
                List.of(ANN),
                Site.READY);
        assertTrue(said.screen().contains("caller-not-signer"), said.screen());
        site.atTerminal(
                List.of(new Terminal.Line("of carol", Site.PASSPHRASE)),
                "bundle",
                "export",
                "--all",
                "--out",
                out,
                "--as",
                "carol",
                "--reason",
                "the yearly audit",
                "--data",
                data);
        assertEquals(
                0, site.jurat("verify", "--trust", site.trust().toString(), out).exit());
        Json.Obj leaves = site.get("/v1/leaves?limit=5");
        Json.Obj export = (Json.Obj) Values.list(leaves, "leaves").stream()
                .filter(leaf -> Values.text(leaf, "kind").equals("export"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                "403 export-unknown",
                answer(door, "/v1/bundle?export=" + Values.text(export, "id")),
                "one record brings one bundle");
    }

    private static void acts(Site site, Path door) throws Exception {
        Files.writeString(site.files().resolve("a.txt"), "a");
        List<String> options = List.of("--hold", "0", "--root", site.files().toString(), "--socket", door.toString());
        try (StdioClient client = Servers.ready(site.wrap(Site.AGENT, options, Servers.filesystem(site.files())))) {
            StdioClient.Answer read =
                    client.call("read_text_file", "{\"path\":\"" + site.files().resolve("a.txt") + "\"}", Servers.SOON);
            assertFalse(read.failed(), read.line());
        }
        assertEquals("403 role-not-allowed", answer(door, "/v1/search"));
        assertEquals("403 role-not-allowed", answer(door, "/v1/principals"));
        assertEquals("403 role-not-allowed", answer(door, "/v1/bundle?all=true"));
        site.atTerminal(List.of(ANN), "agent", "enroll", "another", "--as", "ann");
        Path stolen = site.home().resolve("agents").resolve("another.json");
        NodeException another = assertThrows(NodeException.class, () -> Party.open(site, door, stolen));
        assertEquals("caller-not-signer", another.code(), "the key of another agent");
    }

    @Test
    void theNodeIsSetUpOtherwiseThanSignedFor() throws Exception {
        try (Site site = Site.governed()) {
            Path folder = shared(site);
            assertEquals("unsigned", Values.text(site.json("configuration", "show"), "state"));
            restart(site, "--share", folder.toString());
            site.unlocked("configuration", "sign", "--reason", "agents have users of their own");
            assertEquals("signed", Values.text(site.json("configuration", "show"), "state"));
            restart(site);
            assertTrue(Files.exists(folder.resolve("node.sock")), "kept for later starts");
            assertEquals("signed", Values.text(site.json("configuration", "show"), "state"));
            restart(site, "--no-share");
            assertFalse(Files.exists(folder.resolve("node.sock")));
            assertEquals("changed", Values.text(site.json("configuration", "show"), "state"));
            assertTrue(site.jurat("status").out().contains("set up otherwise"));
        }
    }

    /** Whoever could put a socket there would be the node to others. */
    @Test
    void othersCanWriteInTheSharedFolder() throws Exception {
        try (Site site = Site.governed()) {
            site.node().signal("TERM");
            site.node().exit(Duration.ofSeconds(30));
            Path folder = shared(site);
            Path inside = Files.createDirectories(folder.resolve("inside"));
            Path link = Files.createSymbolicLink(site.folder().resolve("link"), folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            for (Path open :
                    List.of(folder, inside, link, site.folder().resolve("none"), site.data(), Path.of("/tmp"))) {
                Site.Said said =
                        site.jurat("up", "--data", site.data().toString(), "--share", open.toString(), "--json");
                assertEquals(2, said.exit(), open + ": " + said.out() + said.err());
                assertEquals("shared-folder", Values.text(said.json(), "error.code"), open.toString());
            }
            assertEquals("share-choice", code(site, "up", "--share", folder.toString(), "--no-share", "--json"));
        }
    }
}
