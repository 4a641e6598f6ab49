package dev.jurat.app.cli;

import dev.jurat.app.demo.Demo;
import dev.jurat.app.demo.DemoException;
import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "demo", description = "A tour of everything, on a real MCP server and a real folder.")
final class DemoCommand extends dev.jurat.app.cli.Command {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where to leave bundle, trust file, data and summary (default: a new temporary folder).")
    Optional<Path> out = Optional.empty();

    @Option(names = "--no-npm", description = "Use the file server that comes with Jurat.")
    boolean noNpm;

    @Override
    Exit run(Screen screen) throws IOException {
        Path folder =
                out.isPresent() ? out.get().toAbsolutePath().normalize() : Files.createTempDirectory("jurat-demo");
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw Failure.input(
                    "demo-folder-used", folder + " is a file and not a folder", "jurat demo --out " + free(folder));
        }
        try {
            JuratHome.makePrivate(folder);
        } catch (IOException e) {
            throw Failure.input(
                    "demo-folder", "the folder cannot be made: " + Input.why(e), "name another: jurat demo --out DIR");
        }
        PrintStream told = new PrintStream(screen.json() ? System.err : System.out, true, StandardCharsets.UTF_8);
        try {
            boolean asTold = Demo.run(folder, !noNpm, told, screen.colours());
            if (screen.json()) {
                screen.line(Files.readString(folder.resolve("summary.json")).strip());
            }
            return asTold ? Exit.DONE : Exit.NO;
        } catch (DemoException e) {
            throw Failure.input(e.code(), String.valueOf(e.getMessage()), next(e, folder));
        }
    }

    private static String next(DemoException e, Path folder) {
        return switch (e.code()) {
            case DemoException.FOLDER_USED -> "jurat demo --out " + free(folder);
            case DemoException.SCRIPT_MISSING ->
                "install it: apt-get install bsdutils, or dnf install util-linux-script; then: " + Next.SAME;
            default -> "jurat doctor";
        };
    }

    private static String free(Path folder) {
        Path free = folder;
        for (int i = 2; Files.exists(free); i++) {
            free = Path.of(folder + "-" + i);
        }
        return Next.quoted(free.toString());
    }
}
