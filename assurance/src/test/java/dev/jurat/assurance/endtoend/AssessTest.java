package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The self-assessment by AG-016 as people start it: of a node, a copy of its folder, and bundles. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(4)
final class AssessTest {
    private Site site;
    private String trust;
    private Path copy;

    @BeforeAll
    void start() throws Exception {
        site = Site.governed();
        call();
        trust = site.trust().toString();
        copy = copied("copy");
    }

    private void call() throws Exception {
        StdioClient client = Servers.ready(site.wrap(
                Site.AGENT,
                List.of("--hold", "0"),
                CountingServer.command(site.folder().resolve("counter"))));
        client.call("count", "{\"word\":\"a\"}", Servers.SOON);
        client.leave(Servers.SOON);
    }

    @AfterAll
    void stop() throws IOException {
        site.close();
    }

    private Site.Said assess(String... options) throws IOException {
        String[] words = new String[options.length + 2];
        words[0] = "assess";
        words[1] = "ag-016";
        System.arraycopy(options, 0, words, 2, options.length);
        return site.jurat(words);
    }

    private Json.Obj json(int exit, String... options) throws IOException {
        String[] words = Arrays.copyOf(options, options.length + 1);
        words[options.length] = "--json";
        Site.Said said = assess(words);
        assertEquals(exit, said.exit(), said.out() + said.err());
        return said.json();
    }

    private static Map<String, String> verdicts(Json.Obj report) {
        return Values.list(report, "criteria").stream()
                .collect(Collectors.toMap(c -> Values.text(c, "number"), c -> Values.text(c, "verdict")));
    }

    @Test
    void aNodeIsAssessedAsItsRecordsAreNot() throws Exception {
        Json.Obj live = json(0, "--trust", trust);
        assertEquals("basic", Values.text(live, "level.reached"));
        assertEquals("AG-016", Values.text(live, "protocol"));
        assertEquals(site.logAddress(), Values.text(live, "read"));
        Map<String, String> found = verdicts(live);
        assertEquals("measured", found.get("4.2"));
        assertEquals("measured", found.get("8.1"));
        assertEquals("declared", found.get("8.2"), "an address gives no bodies");
        assertEquals("not-met", found.get("4.5"));
        assertEquals("not-met", found.get("8.6"), "the wrapper shares a process with the point");

        Json.Obj folder = json(0, copy.toString(), "--trust", trust);
        assertEquals("measured", verdicts(folder).get("8.2"));
        assertEquals(copy.toString(), Values.text(folder, "read"));
        assertEquals("declared", verdicts(json(0, copy.toString())).get("4.2"), "nobody outside says whose log it is");
    }

    @Test
    void whatAPointerNamesCannotBeLookedAt() throws Exception {
        Json.Obj live = json(0, "--trust", trust);
        Json session = Values.list(live, "criteria").stream()
                .filter(c -> Values.text(c, "number").equals("8.6"))
                .flatMap(c -> Values.list(c, "findings").stream())
                .filter(f -> Values.text(f, "code").equals("point-apart"))
                .map(f -> Values.at(f, "evidence.0"))
                .findFirst()
                .orElseThrow();
        assertEquals("session", Values.text(session, "kind"));
        Site.Said shown = site.jurat("show", Values.text(session, "record"));
        assertEquals(0, shown.exit(), shown.err());
        Site.Said leaf = site.jurat("log", "show", Values.text(session, "leaf"));
        assertTrue(leaf.out().contains(Values.text(session, "record")), leaf.out() + leaf.err());
    }

    @Test
    void aDamagedFolderIsSound() throws Exception {
        Path damaged = copied("damaged");
        Path journal;
        try (var files = Files.walk(damaged.resolve("log/journal"))) {
            journal = files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(journal);
        // What lies behind the last frame is room that nobody has written yet.
        int record = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("DSSEv1 ");
        bytes[record + 100] ^= 1;
        Files.write(journal, bytes);
        Json.Obj report = json(1, damaged.toString(), "--trust", trust);
        assertEquals("not-met", verdicts(report).get("8.1"));
        assertEquals("none", Values.text(report, "level.reached"));
        Site.Said said = assess(damaged.toString(), "--trust", trust);
        assertEquals(1, said.exit());
        assertTrue(said.out().contains("next: each defect by itself: jurat log audit"), said.out());
    }

    @Test
    void aBundleIsAssessedAsMoreThanItShows() throws Exception {
        String all = site.folder().resolve("all.jurat").toString();
        assertEquals(0, site.jurat("bundle", "export", "--all", "--out", all).exit());
        Json.Obj whole = json(0, all, "--trust", trust);
        assertEquals("measured", verdicts(whole).get("4.7"));
        assertEquals("measured", verdicts(whole).get("8.1"));
        assertEquals("whole-bundle", Values.text(whole, "subject.extent"));

        byte[] bytes = Files.readAllBytes(Path.of(all));
        bytes[bytes.length / 2] ^= 1;
        Path flipped = site.folder().resolve("flipped.jurat");
        Files.write(flipped, bytes);
        Site.Said said = assess(flipped.toString(), "--trust", trust);
        assertEquals(2, said.exit(), said.out() + said.err());
        assertTrue(said.err().contains("jurat verify"), said.err());
    }

    @Test
    void peopleGetLinesThatATerminalBreaks() throws Exception {
        Site.Said said = assess("--trust", trust);
        assertEquals(0, said.exit(), said.err());
        said.out().lines().forEach(line -> assertTrue(line.length() <= 100, line));
        assertTrue(said.out().contains("Level: basic"), said.out());
        for (String number : List.of("4.1", "4.7", "8.1", "8.6")) {
            assertTrue(said.out().lines().anyMatch(line -> line.startsWith(number + " ")), number);
        }
    }

    @Test
    void whatCannotBeAssessedHasAnotherStatusThanTwo() throws Exception {
        for (List<String> words : List.of(
                List.of("nowhere"),
                List.of(trust),
                List.of(site.folder().toString()),
                List.of(""),
                List.of("http://127.0.0.1:1"),
                List.of("--trust", "nowhere"))) {
            Site.Said said = assess(words.toArray(String[]::new));
            assertEquals(2, said.exit(), words + said.out() + said.err());
            assertTrue(said.err().contains("  next: "), said.err());
        }
    }

    /** Without the lock, which a copy of a folder that is in use need not have. */
    private Path copied(String name) throws IOException {
        Path from = site.data().resolve("log");
        Path to = site.folder().resolve(name);
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve("log").resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }
}
