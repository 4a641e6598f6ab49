package dev.jurat.app.install;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.MethodModel;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FastJarsTest {
    @TempDir
    private Path folder;

    @Test
    void aSignatureIsLeftOutAndNothingElse() throws Exception {
        Path jar = copy(Ed25519Signer.class);
        Map<String, byte[]> before = contents(jar);
        assertTrue(before.keySet().stream().anyMatch(n -> n.endsWith(".SF")), "BouncyCastle's jar is signed");

        assertTrue(FastJars.rewrite(jar));

        Map<String, byte[]> after = contents(jar);
        assertFalse(after.keySet().stream().anyMatch(n -> n.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)")));
        before.keySet().removeIf(n -> n.startsWith("META-INF/") && !n.endsWith(".class"));
        before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
        try (JarFile file = new JarFile(jar.toFile())) {
            assertTrue(file.isMultiRelease());
            assertTrue(file.getManifest().getEntries().isEmpty());
        }
        assertFalse(FastJars.rewrite(jar), "once is enough");
    }

    @Test
    void aSignedClassThatWasChangedIsKeptAsItWas() throws Exception {
        Path jar = copy(Ed25519Signer.class);
        String changed = Ed25519Signer.class.getName().replace('.', '/') + ".class";
        Map<String, byte[]> contents = contents(jar);
        byte[] bytes = contents.get(changed);
        bytes[bytes.length - 1] ^= 1;
        write(jar, contents);
        byte[] before = Files.readAllBytes(jar);

        assertThrows(SecurityException.class, () -> FastJars.rewrite(jar));
        assertArrayEquals(before, Files.readAllBytes(jar));
        try (var left = Files.list(folder)) {
            assertEquals(List.of(jar), left.toList());
        }
    }

    @Test
    void oldClassesGetStackMapsAndKeepTheirCode() throws Exception {
        Path jar = copy(CommandLine.class);
        Map<String, byte[]> before = contents(jar);

        assertTrue(FastJars.rewrite(jar));

        Map<String, byte[]> after = contents(jar);
        assertEquals(before.keySet(), after.keySet());
        try (URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            ClassFile files =
                    ClassFile.of(ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)));
            int old = 0;
            for (Map.Entry<String, byte[]> entry : before.entrySet()) {
                if (entry.getKey().endsWith(".class")
                        && files.parse(entry.getValue()).majorVersion() < ClassFile.JAVA_6_VERSION) {
                    old++;
                    byte[] fresh = after.get(entry.getKey());
                    assertEquals(ClassFile.JAVA_7_VERSION, files.parse(fresh).majorVersion());
                    assertEquals(List.of(), files.verify(fresh), entry.getKey());
                    assertEquals(code(files, entry.getValue()), code(files, fresh), entry.getKey());
                }
            }
            assertTrue(old > 100, "picocli's classes are old");
            Object words = classes.loadClass(CommandLine.class.getName() + "$Help$Ansi")
                    .getMethod("valueOf", String.class)
                    .invoke(null, "OFF");
            assertEquals("OFF", words.toString());
        }
    }

    @Test
    void aJarThatNeedsNothingIsNotTouched() throws Exception {
        Path jar = folder.resolve("own.jar");
        String name = "dev/jurat/app/install/FastJars.class";
        try (var in = FastJars.class.getResourceAsStream("/" + name)) {
            write(jar, Map.of(name, in.readAllBytes(), "words", new byte[] {0, 0, 0, 0, 0, 0, 0, 49}));
        }
        byte[] before = Files.readAllBytes(jar);

        assertFalse(FastJars.rewrite(jar));
        assertArrayEquals(before, Files.readAllBytes(jar));
    }

    /** What a class's methods do, instruction by instruction. */
    private static Map<String, String> code(ClassFile files, byte[] bytes) {
        Map<String, String> code = new TreeMap<>();
        for (MethodModel method : files.parse(bytes).methods()) {
            code.put(
                    method.methodName().stringValue() + method.methodType().stringValue(),
                    method.code()
                            .map(c -> c.elementStream()
                                    .filter(e -> e instanceof java.lang.classfile.Instruction)
                                    .toList()
                                    .toString())
                            .orElse("none"));
        }
        return code;
    }

    /** The jar that a class was loaded from, where it may be changed. */
    private Path copy(Class<?> from) throws Exception {
        Path jar =
                Path.of(from.getProtectionDomain().getCodeSource().getLocation().toURI());
        return Files.copy(jar, folder.resolve(jar.getFileName()));
    }

    private static Map<String, byte[]> contents(Path jar) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            for (JarEntry entry : file.stream().toList()) {
                contents.put(entry.getName(), file.getInputStream(entry).readAllBytes());
            }
        }
        return contents;
    }

    private static void write(Path jar, Map<String, byte[]> contents) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            // A jar's manifest and signature come first, or nobody looks for them.
            for (String name : contents.keySet().stream()
                    .sorted((a, b) -> rank(a) - rank(b))
                    .toList()) {
                out.putNextEntry(new JarEntry(name));
                out.write(contents.get(name));
            }
        }
    }

    private static int rank(String name) {
        return name.equals(JarFile.MANIFEST_NAME) ? 0 : name.startsWith("META-INF/") ? 1 : 2;
    }
}
