package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.app.keys.Operators;
import dev.jurat.app.keys.PersonKeys;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.assurance.harness.Clone;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.RawHttp;
import dev.jurat.assurance.harness.SecretForms;
import dev.jurat.assurance.harness.SecretSearch;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.Terminal;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.KeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger does first: {@code ./jurat demo} in a fresh clone, with npm's server and without; then what it left is looked at. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(3)
final class DemoTest {
    private static final List<String> STEPS = List.of(
            "node",
            "observed",
            "claimed",
            "allowed",
            "written",
            "refused",
            "approved",
            "expired",
            "verified",
            "tampered");

    private Site site;
    private Clone clone;
    private Site.Said told;
    private CompletableFuture<Site.Said> bundled;

    @BeforeAll
    void start() throws IOException {
        site = Site.fresh();
        clone = Clone.shared().let("XDG_CACHE_HOME", cache().toString());
        bundled = CompletableFuture.supplyAsync(
                () -> demo("bundled", "--no-npm"),
                task -> Thread.ofPlatform().daemon().start(task));
        told = demo("npm");
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            bundled.join();
            site.close();
        }
    }

    /** A cache in which npm has been, so that nothing is fetched here. */
    private Path cache() throws IOException {
        Path cache = site.folder().resolve("cache");
        String version = Values.text(
                Values.parse(Files.readString(
                        Servers.npm().file("@modelcontextprotocol/server-filesystem", "package.json"))),
                "version");
        Files.createDirectories(cache.resolve("jurat"));
        Files.createSymbolicLink(
                cache.resolve("jurat").resolve("npm-" + version),
                Servers.npm().folder().getParent());
        return cache;
    }

    private Path out(String name) {
        return site.folder().resolve(name);
    }

    private Site.Said demo(String name, String... options) {
        try {
            List<String> arguments =
                    new ArrayList<>(List.of("demo", "--out", out(name).toString()));
            arguments.addAll(List.of(options));
            return clone.jurat(arguments.toArray(String[]::new));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // ---- the tour

    @Test
    void aStepOfTheTourGoesAnotherWay() throws IOException {
        assertAsTold("npm", told);
        assertTrue(told.out().contains("MCP server: npm package"), told.out());
    }

    @Test
    void aStepOfTheTourWithoutNpmGoesAnotherWay() throws Exception {
        Site.Said said = bundled.get(3, TimeUnit.MINUTES);

        assertAsTold("bundled", said);
        assertTrue(said.out().contains("comes with Jurat"), said.out());
        assertEquals(0, verified("bundled", out("bundled").resolve("bundle.jurat")));
    }

    private void assertAsTold(String name, Site.Said said) throws IOException {
        assertEquals(0, said.exit(), said.out() + said.err());
        Json.Obj summary = Values.parse(Files.readString(out(name).resolve("summary.json")));
        List<Json> steps = Values.list(summary, "steps");
        assertEquals(STEPS, steps.stream().map(s -> Values.text(s, "name")).toList());
        for (Json step : steps) {
            assertEquals(Values.text(step, "expected"), Values.text(step, "seen"), step.toString());
            assertFalse(Values.text(step, "seen").isEmpty());
        }
    }

    /** Each private key is in its own file, the toy's passphrase in the file that is there for it, and neither anywhere else. */
    @Test
    void theTourLeavesASecretWhereItIsNotLookedFor() throws Exception {
        Site.Said said = bundled.get(3, TimeUnit.MINUTES);
        Map<String, Path> own = new HashMap<>();
        List<SecretForms> secrets = secrets(out("bundled"), own);
        assertTrue(secrets.size() >= 8, "four of the node, agent, point, person, passphrase: " + own);
        SecretSearch search = new SecretSearch(secrets);
        assertEquals(Set.of(), search.in((said.out() + said.err()).getBytes(StandardCharsets.UTF_8)));
        Set<String> inTheirOwn = new HashSet<>();
        for (Path file : files(out("bundled"))) {
            for (String found : search.in(Files.readAllBytes(file))) {
                String secret = found.substring(0, found.indexOf(": "));
                assertEquals(own.get(secret), file, found);
                inTheirOwn.add(secret);
            }
        }
        assertEquals(own.keySet(), inTheirOwn, "what lies in a file is found there");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static List<SecretForms> secrets(Path out, Map<String, Path> own) throws IOException, FormatException {
        List<SecretForms> secrets = new ArrayList<>();
        for (Path file : files(out)) {
            if (file.toString().matches(".*/(keys|agents|points)/[a-z]+\\.json")) {
                own.put(file.toString(), file);
                secrets.add(SecretForms.ofSeed(
                        file.toString(), KeyFile.read(file).key().dangerouslySeed()));
            }
        }
        Path passphrases = out.resolve("passphrases.txt");
        String words = Files.readAllLines(passphrases).getFirst().split(" ")[1];
        own.put("passphrase", passphrases);
        secrets.add(SecretForms.ofText("passphrase", words));
        for (SealedKey person : new Operators(new JuratHome(out.resolve("home"))).list()) {
            secrets.add(SecretForms.ofSeed(
                    person.name(),
                    PersonKeys.dangerouslySecret(
                            person.open(words.toCharArray()).orElseThrow())));
        }
        return secrets;
    }

    // ---- the bundle that it left

    /** What is done to the bundle, and how the verifier then ends. */
    enum Copy {
        SOUND(0),
        FLIPPED(1),
        CUT(1),
        GARBAGE(2);

        private final int exit;

        Copy(int exit) {
            this.exit = exit;
        }

        byte[] of(byte[] bundle) {
            byte[] copy = bundle.clone();
            return switch (this) {
                case SOUND -> copy;
                case FLIPPED -> {
                    copy[copy.length / 3] ^= 4;
                    yield copy;
                }
                case CUT -> java.util.Arrays.copyOf(copy, copy.length - 100);
                case GARBAGE -> "not a bundle".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            };
        }
    }

    private Path copy(Copy copy) throws IOException {
        byte[] bundle = Files.readAllBytes(out("npm").resolve("bundle.jurat"));
        return Files.write(Files.createTempFile(site.folder(), "copy", ".jurat"), copy.of(bundle));
    }

    private int verified(String name, Path bundle) throws IOException {
        return clone.jurat("verify", "--trust", out(name).resolve("trust.json").toString(), bundle.toString())
                .exit();
    }

    @ParameterizedTest
    @EnumSource
    void theVerifierEndsOtherwise(Copy copy) throws IOException {
        assertEquals(copy.exit, verified("npm", copy(copy)));
    }

    @Test
    void aBundleWithoutATrustPolicyIsAccepted() throws IOException {
        assertEquals(1, clone.jurat("verify", copy(Copy.SOUND).toString()).exit());
    }

    @ParameterizedTest
    @EnumSource
    void theVerifierAloneEndsOtherwise(Copy copy) throws IOException {
        Path jar = Path.of(System.getProperty("jurat.root", "."), "proof", "target", "jurat-verify.jar");
        Assumptions.assumeTrue(Files.exists(jar), "SKIPPED: " + jar + " comes with mvn package or verify");
        List<String> command = List.of(
                System.getProperty("java.home") + "/bin/java",
                "-jar",
                jar.toAbsolutePath().toString(),
                "--trust",
                out("npm").resolve("trust.json").toString(),
                copy(copy).toString());
        try (ManagedProcess process = ManagedProcess.start(command, site.folder(), Map.of())) {
            assertEquals(copy.exit, process.exit(Servers.SOON), process.output() + process.errors());
        }
    }

    // ---- the data that it left

    @Test
    void theDataItLeftCannotBeServed() throws IOException {
        Path data = out("npm").resolve("data");
        try (ManagedProcess node = clone.start(clone.launcher(), "up", "--data", data.toString())) {
            Site.awaitAnswer(node, data.resolve("node.sock"));
            Json.Obj found = RawHttp.get(data.resolve("node.sock"), "/v1/search?limit=100")
                    .json();
            assertTrue(Values.list(found, "actions").size() >= 6, found.toString());
            Path bundle = site.folder().resolve("again.jurat");
            Site.Said export =
                    clone.jurat("bundle", "export", "--all", "--data", data.toString(), "--out", bundle.toString());
            assertEquals(0, export.exit(), export.out() + export.err());
            assertEquals(0, verified("npm", bundle), "the log under data is another than the bundle's");
            nobodyCanAnswerWhatWaits(out("npm"), data);
            node.signal("TERM");
            node.exit(Site.READY);
            assertEquals("", node.errors(), "a node that is told to stop complains");
        }
    }

    private void nobodyCanAnswerWhatWaits(Path out, Path data) throws IOException {
        Path file = out.resolve("passphrases.txt");
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), "others may read it");
        String passphrase = Files.readAllLines(file).getFirst().split(" ")[1];
        assertFalse(told.out().contains(passphrase), "it is in the tour's own words");
        String waits = clone.jurat("pending", "--data", data.toString()).out();
        Matcher next = Pattern.compile("next: jurat (approve --home \\S+ --data \\S+ [0-9a-f]+)")
                .matcher(waits);
        assertTrue(next.find(), waits);
        List<String> command = new ArrayList<>(List.of(clone.launcher().toString()));
        command.addAll(List.of(next.group(1).split(" ")));
        Terminal.Result result = Terminal.run(
                command, site.folder(), Map.of(), List.of(new Terminal.Line("assphrase", passphrase)), Site.READY);
        assertEquals(0, result.exit(), result.screen());
        assertTrue(result.screen().contains("Approved"), result.screen());
    }

    // ---- the launcher

    @Test
    void theLauncherBuildsAgainOrFromAnotherFolderNotAtAll() throws IOException {
        Path link = Files.createSymbolicLink(site.folder().resolve("a link"), clone.launcher());

        Site.Said said = clone.jurat(link, "show", "no id, with spaces");

        assertEquals(2, said.exit(), said.out() + said.err());
        assertEquals(1, clone.builds(), "built again though nothing changed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "verify"})
    void aFailedBuildIsRunAllTheSame(String command) throws IOException {
        Path root = Files.createTempDirectory(site.folder(), "broken").resolve("clone");
        Clone broken = Clone.with(root, "echo '[ERROR] no such thing'\nexit 1");

        Site.Said said = broken.jurat(command);

        assertEquals(70, said.exit(), said.out() + said.err());
        assertTrue(said.err().contains("[ERROR] no such thing") && said.err().contains("build.log"), said.err());
        assertEquals("", said.out());
    }

    @Test
    void theWrapperSeesMoreThanItNeeds() throws IOException {
        try (Stream<String> path = Stream.of(
                Files.readString(clone.installed().resolve("wrap.path")).split(":"))) {
            List<String> jars =
                    path.map(p -> Path.of(p).getFileName().toString()).toList();
            assertTrue(jars.size() >= 4, jars.toString());
            assertTrue(
                    jars.stream()
                            .allMatch(j -> j.matches("(jurat-(gateway|sdk|custody|proof)-|bcprov-|jackson-core-3).*")),
                    jars.toString());
        }
    }

    /** Java would check it at each start, and the start-up caches would hold no class of it. */
    @Test
    void aJarOfTheWrapperIsSignedOrLostWhatIsForNewerJava() throws IOException {
        for (String jar :
                Files.readString(clone.installed().resolve("wrap.path")).split(":")) {
            try (JarFile file = new JarFile(jar)) {
                assertEquals(
                        List.of(),
                        file.stream()
                                .map(JarEntry::getName)
                                .filter(name -> name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)"))
                                .toList(),
                        jar);
                assertTrue(!jar.contains("/bcprov-") || file.isMultiRelease(), jar);
            }
        }
    }
}
