package dev.jurat.testkit;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Class paths of the processes that tests start. */
public final class ClassPaths {
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/(MANIFEST\\.MF|[^/]+\\.(SF|RSA|DSA|EC))");

    private ClassPaths() {}

    /**
     * Part of this JVM's class path as the launcher would have it, so that a start-up cache can be made for it: jars alone, none of them
     * signed.
     *
     * @param wanted what the entry's absolute path has to contain
     * @param folder where the copies are put; empty
     */
    public static String installed(Pattern wanted, Path folder) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path from = Path.of(entry).toAbsolutePath();
            if (wanted.matcher(from.toString()).find()) {
                Path jar = folder.resolve(jars.size() + ".jar");
                try (OutputStream out = Files.newOutputStream(jar)) {
                    if (Files.isDirectory(from)) {
                        packed(from, out);
                    } else {
                        unsigned(from, out);
                    }
                }
                jars.add(jar.toString());
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    private static void packed(Path classes, OutputStream to) throws IOException {
        try (JarOutputStream out = new JarOutputStream(to);
                Stream<Path> files = Files.walk(classes).filter(Files::isRegularFile)) {
            out.setLevel(0);
            for (Path file : files.sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }

    private static void unsigned(Path signed, OutputStream to) throws IOException {
        try (JarFile from = new JarFile(signed.toFile(), false)) {
            Manifest manifest = from.getManifest() == null ? new Manifest() : from.getManifest();
            manifest.getEntries().clear();
            try (JarOutputStream out = new JarOutputStream(to, manifest)) {
                out.setLevel(0);
                for (JarEntry entry : from.stream().toList()) {
                    if (!SIGNATURE.matcher(entry.getName()).matches()) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        from.getInputStream(entry).transferTo(out);
                    }
                }
            }
        }
    }
}
