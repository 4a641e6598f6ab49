package dev.jurat.assurance.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * A Java agent in the process of a node, which itself has no such switch: while a file is there each sync of the ledger hangs, and the
 * ledger's clock is ahead of the host's by what another file says.
 */
public final class FaultAgent {
    private static final String STALL = "stall";
    private static final String HANGING = "hanging";
    private static final String AHEAD = "ahead";
    private static final String FILES = "dev/jurat/ledger/storage/DiskStorage$DiskFile";
    private static final String TIME = "dev/jurat/ledger/TimeSource";
    private static final ClassDesc HERE = ClassDesc.of(FaultAgent.class.getName());

    private static Path folder = Path.of("");

    private FaultAgent() {}

    // ---- in the test

    /** The environment of a process in which the agent is, steered by files in this folder. */
    static Map<String, String> environment(Path folder) throws IOException {
        Path jar = folder.resolve("agent.jar");
        if (!Files.exists(jar)) {
            Files.createDirectories(folder);
            write(jar);
        }
        return Map.of("JAVA_TOOL_OPTIONS", "-javaagent:" + jar + "=" + folder);
    }

    private static void write(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", FaultAgent.class.getName());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Class<?> one :
                    new Class<?>[] {FaultAgent.class, Hooks.class, Hooks.Before.class, Hooks.Instead.class}) {
                String name = one.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(name));
                try (InputStream in =
                        Objects.requireNonNull(FaultAgent.class.getClassLoader().getResourceAsStream(name))) {
                    in.transferTo(out);
                }
            }
        }
    }

    /** Lets each sync hang from here on. */
    static void stall(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(HANGING));
        Files.writeString(folder.resolve(STALL), "");
    }

    /** Whether a sync hangs. */
    static boolean isHanging(Path folder) {
        return Files.exists(folder.resolve(STALL)) && Files.exists(folder.resolve(HANGING));
    }

    static void release(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(STALL));
    }

    /** Sets the ledger's clock ahead. */
    static void ahead(Path folder, long millis) throws IOException {
        Path next = folder.resolve(AHEAD + ".tmp");
        Files.writeString(next, Long.toString(millis));
        Files.move(next, folder.resolve(AHEAD), StandardCopyOption.ATOMIC_MOVE);
    }

    // ---- in the node

    public static void premain(String argument, Instrumentation instrumentation) {
        folder = Path.of(argument);
        instrumentation.addTransformer(new Hooks());
    }

    /** Called before each sync of a file. */
    public static void beforeSync() throws IOException {
        while (Files.exists(folder.resolve(STALL))) {
            Files.writeString(folder.resolve(HANGING), "");
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Called for the host's time. */
    public static long currentTimeMillis() {
        try {
            Path ahead = folder.resolve(AHEAD);
            return System.currentTimeMillis() + (Files.exists(ahead) ? Long.parseLong(Files.readString(ahead)) : 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the calls into the two classes. */
    static final class Hooks implements ClassFileTransformer {
        @Override
        public byte @Nullable [] transform(
                @Nullable ClassLoader loader,
                String name,
                @Nullable Class<?> redefined,
                @Nullable ProtectionDomain domain,
                byte[] bytes) {
            ClassFile files = ClassFile.of();
            return switch (name) {
                case FILES ->
                    files.transformClass(
                            files.parse(bytes),
                            ClassTransform.transformingMethodBodies(
                                    method -> method.methodName().equalsString("sync"), new Before()));
                case TIME ->
                    files.transformClass(files.parse(bytes), ClassTransform.transformingMethodBodies(new Instead()));
                default -> null;
            };
        }

        static final class Before implements CodeTransform {
            @Override
            public void atStart(CodeBuilder builder) {
                builder.invokestatic(HERE, "beforeSync", MethodTypeDesc.of(ConstantDescs.CD_void));
            }

            @Override
            public void accept(CodeBuilder builder, CodeElement element) {
                builder.with(element);
            }
        }

        static final class Instead implements CodeTransform {
            @Override
            public void accept(CodeBuilder builder, CodeElement element) {
                if (element instanceof InvokeInstruction call && call.name().equalsString("currentTimeMillis")) {
                    builder.invokestatic(HERE, "currentTimeMillis", MethodTypeDesc.of(ConstantDescs.CD_long));
                } else {
                    builder.with(element);
                }
            }
        }
    }
}
