package dev.jurat.app.cli;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts a node that outlives this process and its terminal, once: where one answers already, nothing is started. */
final class Background {
    private static final Duration READY = Duration.ofSeconds(30);

    private final Screen screen;
    private final Path data;

    Background(Screen screen, Path data) {
        this.screen = screen;
        this.data = data;
    }

    Exit start(List<String> arguments) throws IOException {
        PrivateFiles.folder(data);
        Path output = data.resolve("node.out");
        try (JuratClient node = new JuratClient(data.resolve("node.sock"), Duration.ofSeconds(2))) {
            if (answers(node)) {
                return told(node, "Jurat is up already.");
            }
            Process process = new ProcessBuilder(command(arguments))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            long end = System.nanoTime() + READY.toNanos();
            while (System.nanoTime() < end) {
                if (answers(node)) {
                    return told(node, "Jurat is up, in the background.");
                }
                if (!process.isAlive() && !anotherIsStarting(process)) {
                    break;
                }
                pause();
            }
        } catch (NodeException e) {
            throw Failure.of(e);
        }
        throw new Failure(
                Exit.NODE, "start", "the node did not start: " + last(output), "operator", "jurat up --data " + data);
    }

    /** Two starts at once: the one that came second ends, and the first one will answer. */
    private static boolean anotherIsStarting(Process process) {
        return process.exitValue() == Exit.INPUT.status();
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

    private static String last(Path output) throws IOException {
        List<String> lines = Files.exists(output) ? Files.readAllLines(output) : List.of();
        return String.join(" ", lines.subList(Math.max(0, lines.size() - 2), lines.size()))
                .strip();
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new Failure(Exit.NODE, "interrupted", "stopped waiting", "you", "jurat status");
        }
    }
}
