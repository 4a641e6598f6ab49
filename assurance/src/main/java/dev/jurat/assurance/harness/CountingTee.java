package dev.jurat.assurance.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a wrapper and a real MCP server and passes bytes on untouched; every line that goes to the server is appended to a file
 * before the server can see it. A line that names {@link #NEVER_ANSWERED} ends there: its call hangs for as long as the server lives; one
 * that names {@link #HELD} hangs until it is {@link #release released}.
 *
 * <p>Arguments: the file, then the server's command.
 */
public final class CountingTee {
    /** A word that keeps a call from ever being answered. */
    public static final String NEVER_ANSWERED = "never-answered";

    /** A word that keeps a call from the server until it is released. */
    public static final String HELD = "held-back";

    private CountingTee() {}

    /** Lets the held calls of the server go whose lines are counted in this file, those to come too. */
    public static void release(Path counter) throws IOException {
        Files.writeString(released(counter), "");
    }

    private static Path released(Path counter) {
        return counter.resolveSibling(counter.getFileName() + ".released");
    }

    /** The command line of this server with its lines counted in this file. */
    public static List<String> command(Path counter, List<String> server) {
        List<String> arguments = new ArrayList<>(List.of(counter.toString()));
        arguments.addAll(server);
        return Programs.own(CountingTee.class, arguments);
    }

    /** The tool calls that reached the server, as lines. */
    public static List<String> calls(Path counter) throws IOException {
        if (!Files.exists(counter)) {
            return List.of();
        }
        return Files.readAllLines(counter).stream()
                .filter(l -> l.contains("\"tools/call\"")
                        || l.contains("\"resources/read\"")
                        || l.contains("\"prompts/get\""))
                .toList();
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Path counter = Path.of(args[0]);
        Process server = new ProcessBuilder(List.of(args).subList(1, args.length))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::destroy));
        try (OutputStream to = server.getOutputStream();
                InputStream from = new BufferedInputStream(System.in)) {
            var line = new ByteArrayOutputStream();
            for (int b = from.read(); b >= 0; b = from.read()) {
                line.write(b);
                if (b == '\n') {
                    Files.writeString(
                            counter,
                            line.toString(StandardCharsets.UTF_8),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                    pass(line.toByteArray(), to, released(counter));
                    line.reset();
                }
            }
        }
        System.exit(server.waitFor());
    }

    private static void pass(byte[] line, OutputStream to, Path released) throws IOException {
        String text = new String(line, StandardCharsets.UTF_8);
        if (text.contains(HELD)) {
            Thread.ofPlatform().daemon().start(() -> passLater(line, to, released));
        } else if (!text.contains(NEVER_ANSWERED)) {
            write(line, to);
        }
    }

    private static void passLater(byte[] line, OutputStream to, Path released) {
        while (!Files.exists(released)) {
            LockSupport.parkNanos(5_000_000);
        }
        try {
            write(line, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized void write(byte[] line, OutputStream to) throws IOException {
        to.write(line);
        to.flush();
    }
}
