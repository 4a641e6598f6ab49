package dev.jurat.assurance.harness;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A Java agent that writes a dump of its own process's heap when a file asks for it: whatever the process does against being dumped from outside. */
public final class DumpAgent {
    private static final long SECONDS = 60;

    private DumpAgent() {}

    // ---- in the test

    /** The environment of processes that can be dumped, and whose temporary files are in this folder. */
    public static Map<String, String> environment(Path folder) throws IOException {
        Path jar = folder.resolve("agent.jar");
        if (!Files.exists(jar)) {
            Files.createDirectories(folder);
            write(jar);
        }
        return Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder + " -javaagent:" + jar + "=" + folder);
    }

    private static void write(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", DumpAgent.class.getName());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            String name = DumpAgent.class.getName().replace('.', '/') + ".class";
            out.putNextEntry(new JarEntry(name));
            try (InputStream in =
                    Objects.requireNonNull(DumpAgent.class.getClassLoader().getResourceAsStream(name))) {
                in.transferTo(out);
            }
        }
    }

    /** The objects that are reachable in a process now. */
    public static byte[] dump(Path folder, long pid) throws IOException {
        Path done = folder.resolve(pid + ".hprof");
        Files.deleteIfExists(done);
        Files.writeString(folder.resolve(pid + ".wanted"), "");
        long deadline = System.nanoTime() + SECONDS * 1_000_000_000;
        while (!Files.exists(done)) {
            if (System.nanoTime() > deadline) {
                throw new IOException("no dump of process " + pid);
            }
            LockSupport.parkNanos(20_000_000);
        }
        byte[] bytes = Files.readAllBytes(done);
        Files.delete(done);
        return bytes;
    }

    // ---- in the process

    public static void premain(String argument, Instrumentation instrumentation) {
        Path folder = Path.of(argument);
        Thread.ofPlatform().daemon().start(() -> watch(folder));
    }

    private static void watch(Path folder) {
        long pid = ProcessHandle.current().pid();
        Path wanted = folder.resolve(pid + ".wanted");
        while (true) {
            LockSupport.parkNanos(50_000_000);
            try {
                if (Files.deleteIfExists(wanted)) {
                    Path draft = folder.resolve(pid + ".draft.hprof");
                    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                            .dumpHeap(draft.toString(), true);
                    Files.move(draft, folder.resolve(pid + ".hprof"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
