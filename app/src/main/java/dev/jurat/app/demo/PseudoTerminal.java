package dev.jurat.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Types a passphrase where a person would: a command runs on a pseudo-terminal, made by {@code script(1)}, and each prompt is answered.
 *
 * <p>The passphrase passes through the terminal alone, as it must: no argument and no variable carries it.
 */
final class PseudoTerminal {
    private static final Pattern PROMPT = Pattern.compile("(assphrase[^\\n]*|same again): $");
    private static final long SECONDS_MAX = 60;

    private final Launch launch;
    private final String passphrase;

    PseudoTerminal(Launch launch, String passphrase) {
        this.launch = launch;
        this.passphrase = passphrase;
    }

    /** Whether there is a {@code script(1)} here. */
    static boolean isHere() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "script")));
    }

    /** What a command on the terminal printed, and how it ended. */
    record Said(int status, String text) {}

    Said run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = launch.process(underScript(command)).redirectErrorStream(true);
        Process process = builder.start();
        StringBuilder said = new StringBuilder();
        Thread reader = Thread.ofVirtual().start(() -> converse(process, said));
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("no end after " + SECONDS_MAX + " s: " + String.join(" ", command));
        }
        reader.join();
        return new Said(process.exitValue(), said.toString());
    }

    private void converse(Process process, StringBuilder said) {
        StringBuilder sincePrompt = new StringBuilder();
        byte[] piece = new byte[4096];
        try (InputStream out = process.getInputStream();
                OutputStream in = process.getOutputStream()) {
            for (int n = out.read(piece); n >= 0; n = out.read(piece)) {
                String text = new String(piece, 0, n, StandardCharsets.UTF_8);
                said.append(text);
                sincePrompt.append(text);
                if (PROMPT.matcher(sincePrompt).find()) {
                    sincePrompt.setLength(0);
                    in.write((passphrase + "\n").getBytes(StandardCharsets.UTF_8));
                    in.flush();
                }
            }
        } catch (IOException e) {
            said.append(e.getMessage());
        }
    }

    private static List<String> underScript(List<String> command) {
        boolean mac = System.getProperty("os.name", "").startsWith("Mac");
        List<String> line = new ArrayList<>(List.of("script", "-q"));
        if (mac) {
            line.add("/dev/null");
            line.addAll(command);
        } else {
            line.addAll(List.of("-e", "-f", "-c", quoted(command), "/dev/null"));
        }
        return line;
    }

    private static String quoted(List<String> command) {
        return String.join(
                " ",
                command.stream().map(w -> "'" + w.replace("'", "'\\''") + "'").toList());
    }
}
