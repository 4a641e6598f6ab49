package dev.jurat.app.cli;

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
import picocli.CommandLine.Option;

/** What all commands share: where the home is, how the answer looks, and how a failure is told. */
abstract class Command implements Callable<Integer> {
    @Option(names = "--json", description = "Answer in JSON, one value a line.")
    boolean json;

    @Option(names = "--home", paramLabel = "DIR", description = "Jurat's folder (default: JURAT_HOME, else ~/.jurat).")
    Optional<Path> homeFolder = Optional.empty();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    /** Does the work, and says how it went. */
    abstract Exit run(Screen screen) throws IOException, NodeException, FormatException;

    final JuratHome home() {
        return homeFolder
                .map(f -> new JuratHome(f.toAbsolutePath().normalize()))
                .orElseGet(() -> JuratHome.of(System.getenv()));
    }

    @Override
    public final Integer call() {
        Screen screen = Screen.standard(json);
        try {
            return run(screen).status();
        } catch (Failure e) {
            return tell(screen, e);
        } catch (NodeException e) {
            return tell(screen, Failure.of(e));
        } catch (FormatException e) {
            return tell(screen, Failure.of(e, "not usable"));
        } catch (NoSuchFileException e) {
            return tell(screen, Failure.input("no-such-file", "there is no " + e.getFile(), "check the path"));
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return tell(screen, Failure.input("file", why, "check the path and its permissions"));
        }
    }

    static int tell(Screen screen, Failure failure) {
        if (screen.json()) {
            Json.Obj error = JsonBuilder.object().put("error", failure.toJson()).build();
            screen.value(error);
        } else {
            System.err.println(
                    "jurat: " + Screen.clean(String.valueOf(failure.getMessage())) + " (" + failure.code() + ")");
            System.err.println("  next: " + Screen.clean(failure.next()));
        }
        return failure.exit().status();
    }
}
