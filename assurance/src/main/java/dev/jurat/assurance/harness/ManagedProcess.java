package dev.jurat.assurance.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One child process whose output is read as it comes, line by line.
 *
 * <p>Closing it kills it and whatever it started and still has as a descendant, each by its process id. Thread-safe.
 */
public final class ManagedProcess implements AutoCloseable {
    private final Process process;
    private final long startedNanos;
    private final Lines out = new Lines();
    private final Lines err = new Lines();

    private ManagedProcess(Process process, long startedNanos) {
        this.process = process;
        this.startedNanos = startedNanos;
        Thread.ofPlatform().daemon().start(() -> drain(process.getInputStream(), out));
        Thread.ofPlatform().daemon().start(() -> drain(process.getErrorStream(), err));
    }

    /** Starts a command in a folder; {@code environment} is added to this process's own, of which the user's JURAT_HOME is no part. */
    public static ManagedProcess start(List<String> command, Path folder, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().remove("JURAT_HOME");
        builder.environment().putAll(environment);
        long started = System.nanoTime();
        return new ManagedProcess(builder.start(), started);
    }

    private static void drain(InputStream in, Lines lines) {
        try (var buffered = new BufferedInputStream(in)) {
            var line = new ByteArrayOutputStream();
            for (int b = buffered.read(); b >= 0; b = buffered.read()) {
                if (b == '\n') {
                    lines.add(line.toByteArray());
                    line.reset();
                } else {
                    line.write(b);
                }
            }
            if (line.size() > 0) {
                lines.add(line.toByteArray());
            }
        } catch (IOException e) {
            // A killed process breaks its pipe: what was read stands.
        } finally {
            lines.end();
        }
    }

    /** Lines of one stream, kept all. */
    private static final class Lines {
        private final List<byte[]> all = new ArrayList<>();
        private boolean ended;

        synchronized void add(byte[] line) {
            all.add(line);
            notifyAll();
        }

        synchronized void end() {
            ended = true;
            notifyAll();
        }

        /** The line at this place; null when the stream ends before it, or the time is up. */
        synchronized byte @org.jspecify.annotations.Nullable [] at(int index, Duration timeout) {
            long deadline = System.nanoTime() + timeout.toNanos();
            try {
                while (all.size() <= index && !ended) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        return null;
                    }
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
            return all.size() > index ? all.get(index) : null;
        }

        synchronized String text() {
            var joined = new ByteArrayOutputStream();
            all.forEach(l -> {
                joined.writeBytes(l);
                joined.write('\n');
            });
            return joined.toString(StandardCharsets.UTF_8);
        }
    }

    /** The standard output's line at this place, waited for; an error that shows the error stream if it does not come. */
    public byte[] line(int index, Duration timeout) throws IOException {
        byte[] line = out.at(index, timeout);
        if (line == null) {
            throw new IOException("no line " + index + " from process " + pid() + " within " + timeout
                    + "; its errors: " + errors() + "; its output: " + output());
        }
        return line;
    }

    /** The first line of standard output that fits, waited for. */
    public String awaitLine(Predicate<String> fits, Duration timeout) throws IOException {
        return await(out, fits, timeout);
    }

    /** The first line of the error stream that fits, waited for. */
    public String awaitError(Predicate<String> fits, Duration timeout) throws IOException {
        return await(err, fits, timeout);
    }

    private String await(Lines lines, Predicate<String> fits, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (int i = 0; ; i++) {
            byte[] line = lines.at(i, Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            if (line == null) {
                throw new IOException(
                        "process " + pid() + " never said it; its output: " + output() + "; its errors: " + errors());
            }
            String text = new String(line, StandardCharsets.UTF_8);
            if (fits.test(text)) {
                return text;
            }
        }
    }

    public OutputStream input() {
        return process.getOutputStream();
    }

    public String output() {
        return out.text();
    }

    public String errors() {
        return err.text();
    }

    public long pid() {
        return process.pid();
    }

    /** Memory in kB that the process holds now ({@code VmRSS}), or held at most ({@code VmHWM}), as Linux counts it. */
    public long memoryKilobytes(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no " + name + " for process " + pid());
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** When the process was started, of {@link System#nanoTime}. */
    public long startedNanos() {
        return startedNanos;
    }

    /** Waits for the end and answers the exit status. */
    public int exit(Duration timeout) throws IOException {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("process " + pid() + " still runs after " + timeout + "; its output: " + output()
                        + "; its errors: " + errors());
            }
            out.at(Integer.MAX_VALUE, Duration.ofSeconds(5));
            err.at(Integer.MAX_VALUE, Duration.ofSeconds(5));
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Sends a signal by name, such as {@code STOP}, {@code CONT} or {@code TERM}. */
    public void signal(String name) throws IOException {
        Signals.send(name, pid());
    }

    /** Kills the process at once (SIGKILL), leaving its children to themselves, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        List<ProcessHandle> below = process.descendants().toList();
        kill();
        below.forEach(ProcessHandle::destroyForcibly);
        below.forEach(p -> p.onExit().join());
    }
}
