package dev.jurat.custody.pkcs11;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Tokens of SoftHSM, all made before the module is loaded, since it looks for them once; each test takes one. */
final class SoftHsm {
    static final String PIN = "4711-right";

    private static final int TOKENS = 72;
    private static final List<Path> MODULES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/pkcs11/libsofthsm2.so"),
            Path.of("/usr/local/lib/softhsm/libsofthsm2.so"),
            Path.of("/opt/homebrew/lib/softhsm/libsofthsm2.so"));
    private static final Deque<String> FREE = new ArrayDeque<>();
    private static final Optional<String> WHY_NOT = prepare();

    private SoftHsm() {}

    /** The label of a new token; without SoftHSM the test is skipped, and says so. */
    static synchronized String token() {
        Assumptions.assumeTrue(WHY_NOT.isEmpty(), () -> "SKIPPED: " + WHY_NOT.orElse(""));
        return FREE.remove();
    }

    static Pkcs11Config config(String label) {
        return Pkcs11Config.of(module().orElseThrow(), label, Optional.empty());
    }

    /** The folder of a token's files. */
    static Path files(String label) throws IOException {
        try (Stream<Path> tokens = Files.list(folder().resolve("tokens"))) {
            for (Path token : tokens.toList()) {
                if (new String(
                                Files.readAllBytes(token.resolve("token.object")),
                                java.nio.charset.StandardCharsets.ISO_8859_1)
                        .contains(label + " ")) {
                    return token;
                }
            }
        }
        throw new IOException("no token " + label);
    }

    private static Optional<Path> module() {
        return MODULES.stream().filter(Files::isRegularFile).findFirst();
    }

    private static Path folder() {
        return Path.of(System.getenv("SOFTHSM2_CONF")).getParent();
    }

    private static Optional<String> prepare() {
        try {
            if (module().isEmpty()) {
                throw new IOException("there is no SoftHSM here (package softhsm2)");
            }
            delete(folder());
            Files.createDirectories(folder().resolve("tokens"));
            Files.writeString(
                    folder().resolve("softhsm2.conf"),
                    "directories.tokendir = " + folder().resolve("tokens")
                            + "\nobjectstore.backend = file\nlog.level = ERROR\n");
            for (int i = 10; i < 10 + TOKENS; i++) {
                initialise("token-" + i);
                FREE.add("token-" + i);
            }
            return Optional.empty();
        } catch (IOException e) {
            if (System.getenv("JURAT_SOFTHSM_REQUIRED") != null) {
                throw new IllegalStateException("SoftHSM is required here (JURAT_SOFTHSM_REQUIRED)", e);
            }
            System.out.println("SKIPPED: " + e.getMessage());
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void initialise(String label) throws IOException {
        List<String> command = new ArrayList<>(List.of("softhsm2-util", "--init-token", "--free", "--label", label));
        command.addAll(List.of("--pin", PIN, "--so-pin", "0815-officer"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("softhsm2-util ended with " + process.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, java.io.IOException e) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
