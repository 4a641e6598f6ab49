package dev.jurat.app.install;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/**
 * Rewrites installed jars whose classes the JVM keeps out of its start-up caches, in place. Two things do that:
 *
 * <ul>
 *   <li>A signature in the jar, by whatever certificate lies beside it. It is checked here, once, and left out; Java would check it at each
 *       start that loads a class of it, which for BouncyCastle's, with its 6,000 files, is half of a wrapper's start.
 *   <li>Classes from before Java 6, as picocli's. They have no stack maps, so the JVM finds their types anew at each start, and a cache takes
 *       none that were in use (JEP 483, "old class has been linked"). They get stack maps and the version that asks for them; their code
 *       stays as it is.
 * </ul>
 *
 * Other jars are not touched.
 */
public final class FastJars {
    /** The first version whose classes are checked by their stack maps and in no other way (JVMS §4.10). */
    private static final int STACK_MAPS = ClassFile.JAVA_7_VERSION;

    private static final Pattern SIGNATURE =
            Pattern.compile("META-INF/(SIG-.*|[^/]*\\.(SF|RSA|DSA|EC))", Pattern.CASE_INSENSITIVE);

    private FastJars() {}

    /** Rewrites the jars that the arguments name. Exit status 1 if one could not be: it stays as it was, and the others are rewritten. */
    public static void main(String[] jars) {
        boolean failed = false;
        for (String jar : jars) {
            try {
                rewrite(Path.of(jar));
            } catch (IOException | SecurityException | IllegalArgumentException e) {
                System.err.println(jar + ": " + e);
                failed = true;
            }
        }
        System.exit(failed ? 1 : 0);
    }

    /**
     * Rewrites one jar, if it has a signature or old classes.
     *
     * @return whether it did
     * @throws SecurityException if what is signed is not what is there
     * @throws IllegalArgumentException if a class cannot be given stack maps
     */
    static boolean rewrite(Path jar) throws IOException {
        Path fresh = jar.resolveSibling(jar.getFileName() + ".new");
        try (JarFile file = new JarFile(jar.toFile(), true);
                URLClassLoader classes =
                        new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            List<JarEntry> entries = file.stream().toList();
            if (entries.stream().noneMatch(e -> isSignature(e)) && !hasOldClass(file, entries)) {
                return false;
            }
            Manifest manifest = new Manifest();
            if (file.getManifest() != null) {
                manifest.getMainAttributes().putAll(file.getManifest().getMainAttributes());
            }
            try (OutputStream out = Files.newOutputStream(fresh);
                    JarOutputStream all = new JarOutputStream(out, manifest)) {
                all.setLevel(0);
                for (JarEntry entry : entries) {
                    byte[] content = read(file, entry);
                    if (!isSignature(entry) && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        all.putNextEntry(new JarEntry(entry.getName()));
                        all.write(isOldClass(entry, content) ? withStackMaps(content, classes) : content);
                    }
                }
            }
            Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static boolean isSignature(JarEntry entry) {
        return SIGNATURE.matcher(entry.getName()).matches();
    }

    private static boolean hasOldClass(JarFile file, List<JarEntry> entries) throws IOException {
        for (JarEntry entry : entries) {
            try (InputStream in = file.getInputStream(entry)) {
                if (isOldClass(entry, in.readNBytes(8))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isOldClass(JarEntry entry, byte[] head) {
        return entry.getName().endsWith(".class")
                && head.length >= 8
                && ByteBuffer.wrap(head).getShort(6) < ClassFile.JAVA_6_VERSION;
    }

    /** Reads all of it, which checks its digest where it is signed. */
    private static byte[] read(JarFile file, JarEntry entry) throws IOException {
        try (InputStream in = file.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static byte[] withStackMaps(byte[] old, ClassLoader others) {
        ClassFile files = ClassFile.of(
                ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(others)),
                StackMapsOption.GENERATE_STACK_MAPS);
        ClassModel model = files.parse(old);
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(STACK_MAPS, 0);
            } else {
                builder.with(element);
            }
        };
        return files.transformClass(
                model, version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }
}
