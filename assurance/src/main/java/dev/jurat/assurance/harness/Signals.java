package dev.jurat.assurance.harness;

import java.io.IOException;

/** Signals to processes, by process id. */
public final class Signals {
    private Signals() {}

    /** Sends a signal by name, such as {@code STOP}. */
    public static void send(String name, long pid) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start();
        if (kill.onExit().join().exitValue() != 0) {
            throw new IOException("kill -" + name + " " + pid + " failed");
        }
    }
}
