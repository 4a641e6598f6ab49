package dev.jurat.assurance.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.Clone;
import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who can read the memory of a node, a signer and a wrapper, as the launcher starts them: another process of the same user, which is no administrator.
 * Where the tests run as root, all of these processes are without root's rights. What the attacks do to a process that does not defend itself is
 * tried first.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HiddenMemoryTest {
    private static final List<String> WITHOUT_RIGHTS = List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");

    private Site site;
    private ManagedProcess open;
    private ManagedProcess node;
    private ManagedProcess signer;
    private StdioClient wrapper;

    private static List<String> user(List<String> command) {
        List<String> all = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            all.addAll(WITHOUT_RIGHTS);
        }
        all.addAll(command);
        return all;
    }

    private List<String> launched(Path typed, String... words) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "ulimit -c unlimited; exec \"$@\" 3<" + typed, "sh"));
        command.add(Clone.shared().launcher().toString());
        command.addAll(List.of(words));
        return user(command);
    }

    private ManagedProcess start(Path typed, String... words) throws IOException {
        Path here = Files.createDirectories(site.folder().resolve("cores"));
        return site.keep(ManagedProcess.start(launched(typed, words), here, environment()));
    }

    private Map<String, String> environment() {
        return Map.of("JURAT_HOME", site.home().toString(), "JAVA_HOME", System.getProperty("java.home"));
    }

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        site = Site.fresh();
        Path typed = Files.writeString(folder.resolve("typed"), "a passphrase typed\n");
        node = start(typed, "up", "--data", site.data().toString());
        Site.awaitAnswer(node, site.socket());
        String me = System.getProperty("user.name");
        assertEquals(0, start(typed, "signer", "init", "--custody", "software").exit(Site.READY));
        assertEquals(
                0,
                start(typed, "signer", "make", "a", "--user", me, "--unlock-fd", "3")
                        .exit(Site.READY));
        signer = start(typed, "signer", "serve", "--unlock-fd", "3");
        signer.awaitLine(line -> line.contains("socket"), Site.READY);
        List<String> words = new ArrayList<>(List.of("mcp", "wrap", "--agent", "b", "--observe", "--"));
        words.addAll(CountingServer.command(site.files().resolve("counter")));
        wrapper = site.keep(StdioClient.start(
                launched(typed, words.toArray(String[]::new)), site.folder().resolve("cores"), environment()));
        wrapper.initialize(Site.READY);
        open = openProcess(typed);
    }

    /** A Java process that does nothing against it: a server of the tests. */
    private ManagedProcess openProcess(Path typed) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "ulimit -c unlimited; exec \"$@\" 3<" + typed, "sh"));
        command.addAll(CountingServer.command(site.files().resolve("open")));
        ManagedProcess process =
                site.keep(ManagedProcess.start(user(command), site.folder().resolve("cores"), Map.of()));
        process.input()
                .write("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        process.input().flush();
        process.line(0, Site.READY);
        return process;
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    private boolean succeeds(String... command) throws IOException {
        try (ManagedProcess process = ManagedProcess.start(user(List.of(command)), site.folder(), Map.of())) {
            return process.exit(Site.READY) == 0;
        }
    }

    private boolean reads(ManagedProcess process, String file) throws IOException {
        return succeeds("sh", "-c", "head -c 1 /proc/" + process.pid() + "/" + file + " | grep -q .");
    }

    @Test
    void anotherProcessReadsVariablesMapsOrOpenFiles() throws IOException {
        for (String file : List.of("environ", "maps")) {
            assertTrue(reads(open, file), "of a process that does not hide: " + file);
            assertFalse(reads(signer, file), "of the signer: " + file);
            assertFalse(reads(node, file), "of the node: " + file);
        }
        assertTrue(succeeds("readlink", "/proc/" + open.pid() + "/fd/0"));
        assertFalse(succeeds("readlink", "/proc/" + signer.pid() + "/fd/0"));
        assertFalse(succeeds("readlink", "/proc/" + node.pid() + "/fd/0"));
    }

    /** Where the system lets a process look into those of its own user at all. */
    @Test
    void anotherProcessReadsTheMemory() throws IOException {
        String attack = "exec 3< /proc/%d/mem";
        Assumptions.assumeTrue(
                succeeds("sh", "-c", attack.formatted(open.pid())),
                "NOT TRIED: this system lets nobody look into another process");
        assertFalse(succeeds("sh", "-c", attack.formatted(signer.pid())));
        assertFalse(succeeds("sh", "-c", attack.formatted(node.pid())));
    }

    @Test
    void anotherProcessHasTheHeapDumped() throws IOException {
        assertTrue(dumped(open).isPresent(), "of a process that does not hide");
        for (ManagedProcess process : List.of(signer, node, wrapper.process())) {
            assertTrue(dumped(process).isEmpty());
        }
    }

    private Optional<Path> dumped(ManagedProcess process) throws IOException {
        Path file = site.folder().resolve(process.pid() + ".hprof");
        String jcmd = System.getProperty("java.home") + "/bin/jcmd";
        boolean done = succeeds(jcmd, Long.toString(process.pid()), "GC.heap_dump", file.toString());
        return done && Files.exists(file) ? Optional.of(file) : Optional.empty();
    }

    /** A process that is made to crash: what the system writes of it lies in its working folder, if anywhere. */
    @Test
    void aCrashLeavesACore(@TempDir Path folder) throws IOException {
        Path typed = Files.writeString(folder.resolve("typed"), "a passphrase typed\n");
        ManagedProcess victim = openProcess(typed);
        victim.signal("ABRT");
        victim.exit(Site.READY);
        boolean tried = !cores().isEmpty();
        for (Path core : cores()) {
            Files.delete(core);
        }
        Path data = site.folder().resolve("second");
        ManagedProcess second = start(typed, "up", "--data", data.toString());
        Site.awaitAnswer(second, data.resolve("node.sock"));
        second.signal("ABRT");
        second.exit(Site.READY);
        assertEquals(List.of(), cores());
        if (!tried) {
            System.out.println("NOT TRIED: this system writes no core file into the folder of a process that crashes");
        }
    }

    private List<Path> cores() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(site.folder().resolve("cores"), "{core*,hs_err*,*.hprof}")) {
            files.forEach(found::add);
        }
        return found;
    }

    @Test
    void whatTheProcessWasAskedForIsStillShown() throws IOException {
        String arguments = Files.readString(Path.of("/proc", Long.toString(signer.pid()), "cmdline"));
        assertTrue(arguments.contains("signer"), arguments);
        assertTrue(
                arguments.contains("-XX:+DisableAttachMechanism") && arguments.contains("-XX:-CreateCoredumpOnCrash"));
    }
}
