package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.verify.Report;
import dev.jurat.proof.verify.Verifier;
import dev.jurat.testkit.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives that two readers could read two ways, or that would cost a reader dearly: each refused by its own code, before it costs anything. */
class HostileZipTest {
    private static final World WORLD = world();
    private static final byte[] GOOD = WORLD.bundle(new Scope.All()).bytes();

    private static World world() {
        World world = World.claimed();
        world.execution().run();
        return world;
    }

    static Stream<Arguments> archives() throws IOException {
        return Stream.of(
                archive("nothing", "zip-not", new byte[0]),
                archive("text", "zip-not", "hello".getBytes(StandardCharsets.US_ASCII)),
                archive("an empty archive", "zip-form", empty()),
                archive("something before", "zip-form", concat(new byte[] {0}, GOOD)),
                archive("another first signature", "zip-form", patched(0, 'Q')),
                archive("neither end of an archive", "zip-not", patchedEnds()),
                archive("something after", "zip-form", concat(GOOD, new byte[] {0})),
                archive("a second archive after", "zip-form", concat(GOOD, GOOD)),
                archive("a comment", "zip-form", comment()),
                archive("half of it", "zip-truncated", Arrays.copyOf(GOOD, GOOD.length / 2)),
                archive("without its end", "zip-truncated", Arrays.copyOf(GOOD, GOOD.length - 1)),
                archive("deflated files", "entry-large", deflated()),
                archive("a method in the header", "zip-form", patched(8, 8)),
                archive("encrypted by its flags", "zip-form", patched(6, 1)),
                archive("a data descriptor by its flags", "zip-form", patched(6, 8)),
                archive("a time", "zip-form", patched(10, 1)),
                archive("another date", "zip-form", patched(12, 1)),
                archive("a length that lies", "zip-form", patched(18, 1)),
                archive("a size of 4 GiB", "entry-large", patched4(22, -1)),
                archive("a size of zip64", "entry-large", patched4(22, 0xFFFFFFFF)),
                archive("a name of 65535 bytes", "zip-truncated", patched(26, 0xff)),
                archive("a byte changed", "zip-checksum", flipped()),
                archive("a file twice", "entry-order", of("manifest.json", "manifest.json")),
                archive("files out of order", "entry-order", of("manifest.json", "summary.json", "checkpoint")),
                archive("a path upwards", "entry-unknown", of("manifest.json", "../../etc/passwd")),
                archive("an absolute path", "entry-unknown", of("manifest.json", "/etc/passwd")),
                archive("a backslash", "entry-unknown", of("manifest.json", "leaves\\0000000000")),
                archive("a letter case", "entry-unknown", of("manifest.json", "Checkpoint")),
                archive("a folder", "entry-unknown", of("manifest.json", "leaves/")),
                archive("an index of nine digits", "entry-unknown", of("manifest.json", "leaves/000000000")),
                archive("a digest in capitals", "entry-unknown", of("manifest.json", "artefacts/" + "A".repeat(64))),
                archive("a name that is no text", "entry-unknown", of("manifest.json", "leaves/\u0000")),
                archive("no manifest", "entry-missing", of("leaves/0000000000")),
                archive("a manifest alone", "entry-missing", of("manifest.json")),
                archive("two files that overlap", "zip-form", overlapping()),
                archive("a directory of other names", "zip-form", otherDirectory()));
    }

    private static Arguments archive(String what, String code, byte[] bytes) {
        return Arguments.of(what, code, bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("archives")
    void isRefused(String what, String code, byte[] bytes) {
        Report report = Verifier.verify(bytes, Optional.of(WORLD.trust()));
        Class<? extends Report> answer = code.equals("zip-not") ? Report.Unusable.class : Report.Refused.class;
        assertInstanceOf(answer, report, what);
        assertEquals(List.of(code), report.codes(), what);
    }

    @Test
    void aBombOfAnArchiveIsRefusedUnopened() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("manifest.json"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 256; i++) {
                zip.write(zeros);
            }
            zip.closeEntry();
        }
        Report report = Verifier.verify(out.toByteArray(), Optional.of(WORLD.trust()));
        assertEquals(List.of("zip-form"), report.codes());
    }

    @Test
    void anyZipReaderFindsTheSameFiles() throws IOException {
        int files = 0;
        try (ZipInputStream zip = new ZipInputStream(new java.io.ByteArrayInputStream(GOOD))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] bytes = zip.readAllBytes();
                assertTrue(indexOf(GOOD, bytes) >= 0, entry.getName());
                files++;
            }
        }
        assertTrue(files > 30, files + " files");
    }

    // ---- making them

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    private static byte[] edit(Consumer<ByteBuffer> change) {
        byte[] copy = GOOD.clone();
        change.accept(ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN));
        return copy;
    }

    private static byte[] patched(int at, int value) {
        return edit(b -> b.put(at, (byte) value).put(at + 1, at == 26 ? (byte) value : b.get(at + 1)));
    }

    private static byte[] patchedEnds() {
        return edit(b -> b.putInt(0, 0).putInt(GOOD.length - 22, 0));
    }

    private static byte[] patched4(int at, int value) {
        return edit(b -> b.putInt(at, value));
    }

    private static byte[] flipped() {
        return edit(b -> b.put(60, (byte) (b.get(60) ^ 1)));
    }

    private static byte[] comment() {
        byte[] longer = concat(GOOD, new byte[] {'x'});
        longer[GOOD.length - 2] = 1;
        return longer;
    }

    private static byte[] empty() {
        return ByteBuffer.allocate(22)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x06054b50)
                .array();
    }

    private static byte[] deflated() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("manifest.json"));
            zip.write("{}".getBytes(StandardCharsets.US_ASCII));
            zip.closeEntry();
        }
        byte[] bytes = out.toByteArray();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(22, 1 << 30);
        return bytes;
    }

    /** An archive in our form, of files with these names and no content. */
    private static byte[] of(String... names) {
        return zip(List.of(names), List.of(names), false);
    }

    /** The directory says that both files stand where the first one does. */
    private static byte[] overlapping() {
        return zip(List.of("manifest.json", "checkpoint"), List.of("manifest.json", "checkpoint"), true);
    }

    private static byte[] otherDirectory() {
        return zip(List.of("manifest.json", "checkpoint"), List.of("manifest.json", "summary.json"), false);
    }

    private static byte[] zip(List<String> files, List<String> listed, boolean overlap) {
        ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer directory = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < files.size(); i++) {
            int start = overlap ? 0 : out.position();
            byte[] name = files.get(i).getBytes(StandardCharsets.ISO_8859_1);
            out.putInt(0x04034b50);
            common(out, name);
            out.put(name);
            byte[] other = listed.get(i).getBytes(StandardCharsets.ISO_8859_1);
            directory.putInt(0x02014b50).putShort((short) 10);
            common(directory, other);
            directory.putShort((short) 0).putShort((short) 0).putShort((short) 0);
            directory.putInt(0).putInt(start).put(other);
        }
        int offset = out.position();
        out.put(directory.array(), 0, directory.position());
        out.putInt(0x06054b50).putInt(0).putShort((short) files.size()).putShort((short) files.size());
        out.putInt(directory.position()).putInt(offset).putShort((short) 0);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void common(ByteBuffer out, byte[] name) {
        out.putShort((short) 10).putShort((short) 0).putShort((short) 0);
        out.putShort((short) 0).putShort((short) 0x0021);
        out.putInt((int) new CRC32().getValue()).putInt(0).putInt(0);
        out.putShort((short) name.length).putShort((short) 0);
    }

    private static int indexOf(byte[] in, byte[] wanted) {
        String text = new String(in, StandardCharsets.ISO_8859_1);
        return text.indexOf(new String(wanted, StandardCharsets.ISO_8859_1));
    }
}
