package dev.jurat.assurance.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands between a wrapper and a real MCP server and passes bytes on untouched; every line that goes to the server is appended to a file
 * before the server can see it. A line that names {@link #NEVER_ANSWERED} ends there: its call hangs for as long as the server lives.
 *
 * <p>Arguments: the file, then the server's command.
 */
public final class CountingTee {
    /** A word that keeps a call from ever being answered. */
    public static final String NEVER_ANSWERED = "never-answered";

    private CountingTee() {}

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
                    if (!line.toString(StandardCharsets.UTF_8).contains(NEVER_ANSWERED)) {
                        to.write(line.toByteArray());
                        to.flush();
                    }
                    line.reset();
                }
            }
        }
        System.exit(server.waitFor());
    }
}
