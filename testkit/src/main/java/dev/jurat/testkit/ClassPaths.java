package dev.jurat.testkit;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.Deflater;

/** Class paths of the processes that tests start. */
public final class ClassPaths {
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/(MANIFEST\\.MF|[^/]+\\.(SF|RSA|DSA|EC))");
    private static final Map<Path, Path> UNSIGNED = new ConcurrentHashMap<>();

    private ClassPaths() {}

    /** This class path with BouncyCastle's jar as the launcher has it: without its signature, which each process would check anew. */
    public static String launched(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .map(Path::of)
                .map(jar -> jar.getFileName().toString().startsWith("bcprov-")
                        ? UNSIGNED.computeIfAbsent(jar, ClassPaths::unsigned)
                        : jar)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path unsigned(Path signed) {
        try {
            String version =
                    Files.size(signed) + "-" + Files.getLastModifiedTime(signed).toMillis();
            Path folder = Files.createDirectories(
                    Path.of("target", "unsigned", version).toAbsolutePath());
            Path copy = folder.resolve(signed.getFileName());
            if (!Files.exists(copy)) {
                // Another process may do the same: each writes a file of its own, and one of them stays.
                Path made = Files.createTempFile(folder, "made", "");
                copy(signed, made);
                Files.move(made, copy, StandardCopyOption.ATOMIC_MOVE);
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path signed, Path to) throws IOException {
        try (JarFile from = new JarFile(signed.toFile(), false);
                OutputStream file = Files.newOutputStream(to);
                JarOutputStream out = new JarOutputStream(file, withoutDigests(from))) {
            out.setLevel(Deflater.NO_COMPRESSION);
            for (JarEntry entry : from.stream().toList()) {
                if (!SIGNATURE.matcher(entry.getName()).matches()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    from.getInputStream(entry).transferTo(out);
                }
            }
        }
    }

    private static Manifest withoutDigests(JarFile jar) throws IOException {
        Manifest manifest = Optional.ofNullable(jar.getManifest()).orElseGet(Manifest::new);
        manifest.getEntries().clear();
        return manifest;
    }
}
