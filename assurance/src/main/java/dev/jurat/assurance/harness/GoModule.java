package dev.jurat.assurance.harness;

import dev.jurat.proof.json.Json;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command of {@code assurance/foreign}, which reads logs with libraries of others, built once with the Go that is here.
 *
 * <p>Where there is no Go, or its modules cannot be had, {@link #why} says so; with {@code JURAT_GO_REQUIRED} set that is an error.
 * Thread-safe.
 */
public final class GoModule {
    private static final Duration BUILD = Duration.ofMinutes(9);
    private static final Duration RUN = Duration.ofMinutes(3);
    private static final Path FOLDER = Path.of(System.getProperty("jurat.root", "."), "assurance", "foreign")
            .toAbsolutePath()
            .normalize();

    /** The Go that is here decides: none is downloaded, and the pinned versions are taken as they are. */
    private static final Map<String, String> ENVIRONMENT =
            Map.of("GOTOOLCHAIN", "local", "GOFLAGS", "-mod=readonly -buildvcs=false -trimpath", "GOWORK", "off");

    private static @Nullable GoModule found;

    private final Optional<Path> go;
    private final Optional<Path> command;
    private final String why;

    private GoModule(Optional<Path> go, Optional<Path> command, String why) {
        this.go = go;
        this.command = command;
        this.why = why;
    }

    /** The command, built now if it is not yet. */
    public static synchronized GoModule find() {
        GoModule before = found;
        if (before == null) {
            before = look();
            found = before;
        }
        return before;
    }

    private static GoModule look() {
        Optional<Path> go = go();
        try {
            if (go.isEmpty()) {
                throw new IOException("there is no go in PATH or /usr/local/go/bin");
            }
            Path command = FOLDER.resolveSibling("target").resolve("foreign");
            Site.Said built = run(List.of(go.get().toString(), "build", "-o", command.toString(), "."), FOLDER, BUILD);
            if (built.exit() != 0) {
                throw new IOException("go build: " + built.err().strip());
            }
            return new GoModule(go, Optional.of(command), "");
        } catch (IOException e) {
            if (System.getenv("JURAT_GO_REQUIRED") != null) {
                throw new UncheckedIOException("Go is required here (JURAT_GO_REQUIRED)", e);
            }
            String why = (go.isPresent() ? "SKIPPED: " : "NOT TRIED: ") + "readers of others: " + e.getMessage();
            System.out.println(why);
            return new GoModule(Optional.empty(), Optional.empty(), why);
        }
    }

    private static Optional<Path> go() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/local/go/bin"))
                .map(folder -> Path.of(folder, "go"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether it is here. */
    public boolean here() {
        return command.isPresent();
    }

    /** Why it is not. */
    public String why() {
        return why;
    }

    /** Runs one of its modes. */
    public Site.Said run(String... words) throws IOException {
        return run(Path.of("."), new byte[0], words);
    }

    /** The same in a folder, with something to read. */
    public Site.Said run(Path folder, byte[] input, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(command.orElseThrow().toString()));
        all.addAll(List.of(words));
        return run(all, folder, input, RUN);
    }

    /** The folder of a module that {@code go.mod} pins. */
    public Path module(String name) throws IOException {
        return Path.of(Values.text(downloaded(name), "Dir"));
    }

    /**
     * The folder of a module that is no library, and so not in {@code go.mod}.
     *
     * @param sum what {@code go.sum} would have of it
     */
    public Path module(String name, String version, String sum) throws IOException {
        Json.Obj said = downloaded(name + "@" + version);
        if (!Values.text(said, "Sum").equals(sum)) {
            throw new IOException(name + " is not what is pinned: " + said);
        }
        return Path.of(Values.text(said, "Dir"));
    }

    /** The ZIP file of a module that asks for a newer Go than is here: what it carries can be read all the same. */
    public Path zip(String name, String version, String sum) throws IOException {
        Site.Said said = download(name + "@" + version);
        Json.Obj told = Values.parse(said.out());
        if (!Values.text(told, "Sum").equals(sum)) {
            throw new IOException(name + " is not what is pinned: " + said.out() + said.err());
        }
        return Path.of(Values.text(told, "Zip"));
    }

    private Site.Said download(String module) throws IOException {
        return run(List.of(go.orElseThrow().toString(), "mod", "download", "-json", module), FOLDER, BUILD);
    }

    private Json.Obj downloaded(String module) throws IOException {
        Site.Said said = download(module);
        if (said.exit() != 0) {
            throw new IOException("go mod download " + module + ": " + said.out() + said.err());
        }
        return Values.parse(said.out());
    }

    /** The folder of the Go that is here. */
    public Path root() throws IOException {
        return Path.of(run(List.of(go.orElseThrow().toString(), "env", "GOROOT"), FOLDER, BUILD)
                .out()
                .strip());
    }

    private static Site.Said run(List<String> command, Path folder, Duration atMost) throws IOException {
        return run(command, folder, new byte[0], atMost);
    }

    private static Site.Said run(List<String> command, Path folder, byte[] input, Duration atMost) throws IOException {
        try (ManagedProcess process = ManagedProcess.start(command, folder, ENVIRONMENT)) {
            process.input().write(input);
            process.input().close();
            int exit = process.exit(atMost);
            return new Site.Said(exit, process.output(), process.errors());
        }
    }
}
