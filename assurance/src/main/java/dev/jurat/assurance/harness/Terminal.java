package dev.jurat.assurance.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a command on a pseudo-terminal ({@code script} of util-linux) and types what a person would type. */
public final class Terminal {
    private Terminal() {}

    /**
     * What a person types when they see a prompt.
     *
     * @param prompt a piece of the prompt's text
     * @param answer what is typed, without the line's end
     */
    public record Line(String prompt, String answer) {}

    /** How the command ended and all that the screen showed. */
    public record Result(int exit, String screen) {}

    /** Runs to the end, typing each answer once its prompt is on the screen after the one before. */
    public static Result run(
            List<String> command, Path folder, Map<String, String> environment, List<Line> lines, Duration timeout)
            throws IOException {
        StringBuilder quoted = new StringBuilder();
        for (String word : command) {
            quoted.append('\'').append(word.replace("'", "'\\''")).append("' ");
        }
        ProcessBuilder builder = new ProcessBuilder("script", "-q", "-e", "-c", quoted.toString(), "/dev/null")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().remove("JURAT_HOME");
        builder.environment().putAll(environment);
        builder.environment().put("SHELL", "/bin/sh");
        builder.environment().put("TERM", "dumb");
        Process process = builder.start();
        Screen screen = new Screen(process.getInputStream());
        try {
            int seen = 0;
            long deadline = System.nanoTime() + timeout.toNanos();
            for (Line line : lines) {
                seen = screen.await(line.prompt(), seen, deadline);
                OutputStream keyboard = process.getOutputStream();
                keyboard.write((line.answer() + "\n").getBytes(StandardCharsets.UTF_8));
                keyboard.flush();
            }
            if (!process.waitFor(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw new IOException("still running after " + timeout + "; the screen: " + screen.text());
            }
            screen.finish();
            return new Result(process.exitValue(), screen.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            List<ProcessHandle> below = process.descendants().toList();
            process.destroyForcibly();
            if (process.isAlive()) {
                below.forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    /** What the terminal has shown so far. */
    private static final class Screen {
        private final StringBuilder text = new StringBuilder();
        private final Thread reader;
        private boolean ended;

        Screen(InputStream in) {
            reader = Thread.ofPlatform().daemon().start(() -> read(in));
        }

        private void read(InputStream in) {
            byte[] buffer = new byte[4096];
            try {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    add(new String(buffer, 0, n, StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                // The terminal is gone: what was shown stands.
            } finally {
                end();
            }
        }

        private synchronized void add(String more) {
            text.append(more);
            notifyAll();
        }

        private synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized int await(String wanted, int from, long deadline) throws IOException, InterruptedException {
            for (; ; ) {
                int at = text.indexOf(wanted, from);
                if (at >= 0) {
                    return at + wanted.length();
                }
                long left = deadline - System.nanoTime();
                if (ended || left <= 0) {
                    throw new IOException("the screen never showed \"" + wanted + "\": " + text);
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }

        void finish() throws InterruptedException {
            reader.join(Duration.ofSeconds(5));
        }

        synchronized String text() {
            return text.toString();
        }
    }
}
