package dev.jurat.app.cli;

import dev.jurat.app.node.NativeLibraries;
import dev.jurat.app.node.Node;
import dev.jurat.custody.CustodyException;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands share: where the home is, how the answer looks, and how a failure is told. */
abstract class Command implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "Answer in JSON, one value a line.")
    boolean json;

    @Option(names = "--home", paramLabel = "DIR", description = "Jurat's folder (default: JURAT_HOME, else ~/.jurat).")
    Optional<Path> homeFolder = Optional.empty();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help; text, with --json too.")
    boolean help;

    /** Does the work, and says how it went. */
    abstract Exit run(Screen screen) throws IOException, NodeException, FormatException;

    final JuratHome home() {
        return homeFolder
                .map(f -> new JuratHome(f.toAbsolutePath().normalize()))
                .orElseGet(() -> JuratHome.of(System.getenv()));
    }

    /** Where a command that asks no node unpacks native libraries. */
    final Path unpacked() {
        return home().folder().resolve("cache").resolve("native");
    }

    /** Has native libraries unpacked there, if that folder can be written. */
    final void unpack() {
        try {
            NativeLibraries.unpackIn(unpacked());
        } catch (IOException e) {
            // Then they go where Java's temporary files go.
        }
    }

    @Override
    public final Integer call() {
        Screen screen =
                Screen.standard(json, spec.commandLine().getParseResult().originalArgs());
        try {
            return run(screen).status();
        } catch (Failure e) {
            return tell(screen, e);
        } catch (NodeException e) {
            return tell(screen, Failure.of(e));
        } catch (CustodyException e) {
            return tell(screen, Failure.of(e));
        } catch (FormatException e) {
            return tell(screen, Failure.of(e, "not usable"));
        } catch (NoSuchFileException e) {
            return tell(screen, Failure.input("no-such-file", "there is no " + e.getFile(), ""));
        } catch (IOException e) {
            return tell(
                    screen, Failure.input("file", Input.why(e), "check the path and its permissions: jurat doctor"));
        } catch (LinkageError e) {
            return tell(
                    screen,
                    Failure.input(
                            "native-library",
                            "a native library cannot be loaded: " + e.getMessage(),
                            Node.UNPACK + Next.SAME));
        } catch (OutOfMemoryError e) {
            return tell(
                    screen,
                    Failure.input(
                            "memory",
                            "what this works on does not fit in the memory that Java has here ("
                                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB)",
                            "JURAT_JAVA_OPTIONS=-Xmx2g " + Next.SAME));
        }
    }

    static int tell(Screen screen, Failure failure) {
        if (screen.json()) {
            Json.Obj error = JsonBuilder.object()
                    .put("error", failure.toJson(screen.next()))
                    .build();
            screen.value(error);
        } else {
            System.err.println(
                    "jurat: " + Screen.clean(String.valueOf(failure.getMessage())) + " (" + failure.code() + ")");
            System.err.println("  next: " + Screen.clean(failure.next(screen.next())));
        }
        return failure.exit().status();
    }
}
