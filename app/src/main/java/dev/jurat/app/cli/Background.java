package dev.jurat.app.cli;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts a node that outlives this process and its terminal, once: where one answers already, nothing is started. */
final class Background {
    private static final Duration READY = Duration.ofSeconds(30);
    private static final int OUTPUT_BYTES_MAX = 1 << 20;

    private final Screen screen;
    private final Path data;

    Background(Screen screen, Path data) {
        this.screen = screen;
        this.data = data;
    }

    /** @param changes whether the arguments say what a node that is up already does not take any more */
    Exit start(List<String> arguments, boolean changes) throws IOException {
        PrivateFiles.folder(data);
        Path output = data.resolve("node.out");
        try (JuratClient node = new JuratClient(data.resolve("node.sock"), Duration.ofSeconds(2))) {
            if (answers(node)) {
                if (changes) {
                    throw Failure.input(
                            "node-up",
                            "a node is up already, and takes other witnesses, a second line or another shared folder at a start alone",
                            "stop it with: kill " + View.text(node.status(), "process") + ", then: " + Next.SAME);
                }
                return told(node, "Jurat is up already.");
            }
            long before = Files.exists(output) ? Files.size(output) : 0;
            Process process = new ProcessBuilder(command(arguments))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            long end = System.nanoTime() + READY.toNanos();
            Optional<Failure> why = Optional.empty();
            while (System.nanoTime() < end) {
                if (answers(node)) {
                    return told(node, "Jurat is up, in the background.");
                }
                if (why.isEmpty() && !process.isAlive()) {
                    why = Optional.of(why(process, output, before));
                    if (!anotherIsStarting(why.get())) {
                        break;
                    }
                }
                pause();
            }
            throw why.orElse(
                    failure("the node did not answer within " + READY.toSeconds() + " s: " + tail(output, before)));
        } catch (NodeException e) {
            throw Failure.of(e);
        }
    }

    /** Two starts at once: the one that came second ends because the first one has the folder, and the first one will answer. */
    private static boolean anotherIsStarting(Failure why) {
        return why.code().equals("data-folder-in-use");
    }

    /** Why the node ended: the error that it wrote as data, or its last words where it could not. */
    private static Failure why(Process process, Path output, long before) throws IOException {
        List<String> lines = written(output, before);
        for (String line : lines.reversed()) {
            Optional<Failure> said = Failure.read(line);
            if (said.isPresent()) {
                return said.get();
            }
        }
        return failure("the node did not start, and ended with " + process.exitValue() + ": " + tail(output, before));
    }

    private static Failure failure(String message) {
        return new Failure(Exit.NODE, "start", message, "operator", "jurat up");
    }

    private static boolean answers(JuratClient node) {
        try {
            node.head();
            return true;
        } catch (NodeException e) {
            return false;
        }
    }

    private Exit told(JuratClient node, String words) throws NodeException {
        Json.Obj status = node.status();
        if (screen.json()) {
            screen.value(status);
        } else {
            screen.line(words);
            screen.line("  data    " + View.text(status, "data"));
            if (!View.text(status, "shared").isEmpty()) {
                screen.line("  shared  " + View.text(status, "shared") + "/node.sock");
            }
            screen.line("  tiles   " + View.text(status, "tiles"));
            screen.line("  stop it with: kill " + View.text(status, "process"));
        }
        return Exit.DONE;
    }

    /** The launcher in a session of its own, so that Ctrl-C and a closed terminal do not reach it. */
    private static List<String> command(List<String> arguments) {
        String launcher = System.getProperty("jurat.launcher");
        if (launcher == null) {
            throw Failure.input("launcher", "it is not known where jurat is", "run this through ./jurat");
        }
        List<String> out = new ArrayList<>(detacher());
        out.add(launcher);
        out.addAll(arguments);
        return out;
    }

    private static List<String> detacher() {
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            return List.of("/usr/bin/setsid");
        }
        if (Files.isExecutable(Path.of("/usr/bin/perl"))) {
            return List.of("/usr/bin/perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV");
        }
        return List.of("nohup");
    }

    /** The last two lines. */
    private static String tail(Path output, long before) throws IOException {
        List<String> lines = written(output, before);
        return String.join(" ", lines.subList(Math.max(0, lines.size() - 2), lines.size()))
                .strip();
    }

    /** What was written since the file had this size. */
    private static List<String> written(Path output, long before) throws IOException {
        try (InputStream in = Files.newInputStream(output)) {
            in.skipNBytes(before);
            return new String(in.readNBytes(OUTPUT_BYTES_MAX), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new Failure(Exit.NODE, "interrupted", "stopped waiting", "you", "jurat status");
        }
    }
}
