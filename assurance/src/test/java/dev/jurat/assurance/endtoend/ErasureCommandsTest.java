package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Somebody asks for what a node has about them to be destroyed: as an administrator types it. */
@Order(1)
final class ErasureCommandsTest {
    private static final String MARKER = "Zanzibar-47";

    private static void call(Site site) throws IOException {
        List<String> options = List.of("--hold", "0", "--root", site.files().toString());
        Path counter = site.folder().resolve("counter");
        try (StdioClient client = Servers.ready(site.wrap(Site.AGENT, options, CountingServer.command(counter)))) {
            StdioClient.Answer answer =
                    client.call("count", "{\"word\":\"/srv/zanzibar-\\u0034" + "7/letter\"}", Servers.SOON);
            assertTrue(Texts.refusal(answer).length() > 0, answer.line());
            client.leave(Servers.SOON);
        }
    }

    private static Json.Obj found(Site site) throws IOException {
        return site.json("log", "erase", "--subject", MARKER, "--ground", "subject-request", "--dry-run");
    }

    private static Set<String> kinds(Json.Obj found) {
        return Values.list(found, "bodies").stream()
                .map(body -> Values.text(body, "kind"))
                .collect(Collectors.toSet());
    }

    private static Site.Said said(Site site, int exit, String... words) throws IOException {
        Site.Said said = site.jurat(words);
        assertEquals(exit, said.exit(), String.join(" ", words) + ": " + said.out() + said.err());
        return said;
    }

    static List<Path> holding(Path folder, String... words) throws IOException {
        List<Path> found = new ArrayList<>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).toLowerCase();
                for (String word : words) {
                    if (text.contains(word.toLowerCase())) {
                        found.add(file);
                    }
                }
            }
        }
        return found;
    }

    @Test
    void whatSomebodyAskedToBeErasedIsThereStill() throws Exception {
        try (Site site = Site.governed()) {
            call(site);
            Json.Obj before = found(site);
            assertEquals(Set.of("intent"), kinds(before));
            Json.Obj all = site.json("log", "erase", "--subject", Site.AGENT, "--ground", "mistake", "--dry-run");
            assertTrue(
                    kinds(all).containsAll(Set.of("key", "session", "intent", "context", "decision")), all.toString());
            String intent = Values.list(before, "bodies").stream()
                    .filter(body -> Values.text(body, "kind").equals("intent"))
                    .map(body -> Values.text(body, "id"))
                    .findFirst()
                    .orElseThrow();
            String bundle = site.folder().resolve("before.jurat").toString();
            said(site, 0, "bundle", "export", "--action", intent, "--out", bundle);

            site.unlocked("log", "hold", "--subject", MARKER, "--ground", "litigation");
            Site.Said held =
                    said(site, 1, "log", "erase", "--subject", MARKER, "--ground", "subject-request", "--json");
            assertEquals("held", Values.text(held.json(), "error.code"));
            Json.Obj holds = site.json("log", "hold", "--list");
            assertEquals(1, Values.list(holds, "holds").size());
            site.unlocked("log", "hold", "--lift", Values.text(holds, "holds.0.id"));
            assertEquals(List.of(), Values.list(site.json("log", "hold", "--list"), "holds"));

            String screen = site.unlocked("log", "erase", "--subject", MARKER, "--ground", "subject-request")
                    .screen();
            assertTrue(screen.contains("would be destroyed for good"), screen);
            assertTrue(screen.contains("Erased: "), screen);

            assertEquals(List.of(), holding(site.home(), MARKER));
            said(site, 1, "log", "erase", "--subject", MARKER, "--ground", "subject-request", "--dry-run");
            String shown = said(site, 0, "show", intent).out();
            assertTrue(shown.contains("on the ground subject-request by the erasure "), shown);
            assertTrue(said(site, 0, "trace", intent).out().contains("[body erased: subject-request]"));
            Json.Obj searched = site.json("search", "--action", "count");
            assertEquals("subject-request", Values.text(searched, "actions.0.erased.ground"), searched.toString());

            String trust = site.trust().toString();
            said(site, 0, "verify", "--trust", trust, bundle);
            String after = site.folder().resolve("after.jurat").toString();
            said(site, 0, "bundle", "export", "--action", intent, "--out", after);
            Site.Said verified = said(site, 0, "verify", "--trust", trust, "--json", after);
            assertTrue(verified.out().contains("bodies-missing"), verified.out());
            assertTrue(verified.out().contains("An erasure on the log took: "), verified.out());

            site.node().kill();
            site.up();
            assertEquals(List.of(), holding(site.home(), MARKER));
            assertTrue(said(site, 0, "show", intent).out().contains("on the ground subject-request"));
        }
    }

    @Test
    void aBackupBringsBackWhatWasErased() throws Exception {
        try (Site site = Site.governed()) {
            call(site);
            Json.Obj before = found(site);
            String intent = Values.text(before, "bodies.0.id");
            Path backup = site.folder().resolve("backup");
            Path keys = site.folder().resolve("keys");
            List<String> words = List.of("log", "backup", "--to", backup.toString(), "--slots-to", keys.toString());
            Json.Obj made = site.json(words.toArray(String[]::new));
            String old = Values.text(made, "slots");
            assertTrue(old.startsWith(keys.toString()), made.toString());
            assertEquals(List.of(), holding(backup, MARKER));

            site.unlocked("log", "erase", "--subject", MARKER, "--ground", "court-order");
            said(site, 0, "log", "backup", "--to", backup.toString());
            String trust = site.trust().toString();
            site.node().kill();
            // A node that is down is copied too.
            said(site, 0, "log", "backup", "--to", backup.toString());
            said(site, 2, "log", "restore", "--from", backup.toString());

            Path data = site.folder().resolve("r");
            String restored = data.toString();
            said(site, 0, "log", "restore", "--from", backup.toString(), "--slots-from", old, "--data", restored);
            said(site, 0, "log", "audit", restored, "--trust", trust);
            Files.createDirectory(
                    data.resolve("keys"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (var files = Files.list(site.data().resolve("keys"))) {
                for (Path file : files.toList()) {
                    Files.copy(
                            file, data.resolve("keys").resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
            site.up(data);
            String shown = said(site, 0, "show", intent, "--data", restored).out();
            assertTrue(shown.contains("on the ground court-order"), shown);
            assertEquals(List.of(), holding(data, MARKER));
            Json.Obj all = site.json(
                    "log", "erase", "--subject", Site.AGENT, "--ground", "mistake", "--dry-run", "--data", restored);
            assertTrue(kinds(all).containsAll(Set.of("key", "session", "context")), "other bodies are back: " + all);

            said(site, 0, "log", "backup", "--expire", keys.toString());
            assertTrue(Files.exists(Path.of(old)), "destroyed before its time");
            Files.writeString(Path.of(old, "not-after"), "2020-01-01T00:00:00Z\n");
            String destroyed =
                    said(site, 0, "log", "backup", "--expire", keys.toString()).out();
            assertTrue(destroyed.contains("Destroyed: " + old), destroyed);
            assertFalse(Files.exists(Path.of(old)), "kept beyond its time");
        }
    }

    @Test
    void foldersThatAreNotApartAreCopiedTo() throws Exception {
        try (Site site = Site.governed()) {
            Path inside = site.data().resolve("log/b");
            Path beside = site.folder().resolve("b");
            for (int round = 0; round < 2; round++) {
                said(site, 2, "log", "backup", "--to", inside.toString());
                said(
                        site,
                        2,
                        "log",
                        "backup",
                        "--to",
                        beside.toString(),
                        "--slots-to",
                        beside.resolve("k").toString());
                said(site, 2, "log", "backup", "--to", beside.toString(), "--expire", beside.toString());
                assertFalse(Files.exists(inside) || Files.exists(beside));
                site.node().kill();
            }
        }
    }

    @Test
    void aNameIsShownAfterItsErasure() throws Exception {
        try (Site site = Site.governed()) {
            site.enrolAgent("zoltan");
            assertTrue(said(site, 0, "agent", "list").out().contains("zoltan"));
            site.unlocked("log", "erase", "--subject", "zoltan", "--kind", "key", "--ground", "consent-withdrawn");
            assertFalse(said(site, 0, "agent", "list").out().contains("zoltan"));
            assertEquals(List.of(), holding(site.data(), "zoltan"));
        }
    }

    @Test
    void wordsThatMeanNothingErase() throws Exception {
        try (Site site = Site.governed()) {
            for (List<String> words : List.of(
                    List.of("log", "erase", "--ground", "mistake"),
                    List.of("log", "erase", "--subject", "somebody", "--ground", "because"),
                    List.of("log", "hold"),
                    List.of("log", "hold", "--everything", "--ground", "because"))) {
                said(site, 2, words.toArray(String[]::new));
            }
            said(site, 1, "log", "erase", "0".repeat(64), "--ground", "mistake");
            said(site, 1, "log", "erase", "--subject", "nobody has said this", "--ground", "mistake");
        }
    }
}
