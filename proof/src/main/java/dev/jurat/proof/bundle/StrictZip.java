package dev.jurat.proof.bundle;

import dev.jurat.proof.FormatException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A ZIP file of one form only: files stored, in one order, with one date, nothing before, between or after them
 * ({@code docs/spec/bundle.md} §1).
 *
 * <p>Security property: {@link #read} accepts exactly what {@link #write} emits, so that every ZIP reader finds the same files in it. The
 * mistake that looks right but is not: a ZIP library, which believes the directory at the end, or the headers at the start, or either.
 */
final class StrictZip {
    /** The largest file, in bytes: a verifier refuses a larger one unread. */
    static final int BYTES_MAX = 256 << 20;
    /** A directory counts its files in 16 bits. */
    static final int ENTRIES_MAX = 65_535;

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final short VERSION = 10;
    /** 1980-01-01, the first date that the format has. */
    private static final short DATE = 0x0021;

    private StrictZip() {}

    /** Writes files in the order given, which is the caller's to keep. */
    static byte[] write(List<Entry> entries) {
        if (entries.size() > ENTRIES_MAX) {
            throw new IllegalArgumentException("more files than a bundle can have: " + entries.size());
        }
        long bytes = END_BYTES;
        for (Entry entry : entries) {
            bytes += LOCAL_BYTES + CENTRAL_BYTES + 2L * entry.name().length() + entry.bytes().length;
        }
        if (bytes > BYTES_MAX) {
            throw new IllegalArgumentException("larger than a bundle may be");
        }
        // Of its size at once: a buffer that grows would need the largest bundle's memory several times.
        ByteBuffer out = ByteBuffer.allocate((int) bytes);
        for (Entry entry : entries) {
            out.put(local(entry)).put(entry.bytes());
        }
        return out.put(directory(entries)).array();
    }

    /**
     * Reads what {@link #write} emits.
     *
     * @throws FormatException {@code zip-not} (not a ZIP file by either end), {@code zip-large}, {@code zip-truncated}, {@code zip-form},
     *     {@code zip-checksum}, {@code entry-unknown}, {@code entry-large}, {@code entry-order}
     */
    static List<Entry> read(byte[] zip) throws FormatException {
        if (zip.length > BYTES_MAX) {
            throw new FormatException("zip-large", "a bundle has at most " + BYTES_MAX + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        if (!begins(in)) {
            throw ends(in)
                    ? new FormatException("zip-form", "a ZIP file that does not begin with its first file")
                    : new FormatException("zip-not", "neither the beginning nor the end of a ZIP file");
        }
        List<Entry> entries = new ArrayList<>();
        String before = "";
        while (in.remaining() >= 4 && in.getInt(in.position()) == LOCAL) {
            Entry entry = entry(in);
            if (entries.size() == ENTRIES_MAX) {
                throw new FormatException("zip-form", "more files than a bundle can have");
            }
            if (!before.isEmpty() && Layout.ORDER.compare(before, entry.name()) >= 0) {
                throw new FormatException("entry-order", "files out of order, or one twice");
            }
            before = entry.name();
            entries.add(entry);
        }
        byte[] rest = Arrays.copyOfRange(zip, in.position(), zip.length);
        byte[] wanted = directory(entries);
        if (!Arrays.equals(rest, wanted)) {
            boolean shorter = rest.length < wanted.length && Arrays.equals(rest, Arrays.copyOf(wanted, rest.length));
            throw new FormatException(
                    shorter ? "zip-truncated" : "zip-form", "the directory is not the one of the files before it");
        }
        return entries;
    }

    private static boolean begins(ByteBuffer in) {
        return in.limit() >= 4 && in.getInt(0) == LOCAL;
    }

    /** Whether the end record stands where {@link #write} puts it: last, with no comment. */
    private static boolean ends(ByteBuffer in) {
        return in.limit() >= END_BYTES && in.getInt(in.limit() - END_BYTES) == END;
    }

    private static Entry entry(ByteBuffer in) throws FormatException {
        int start = in.position();
        need(in, LOCAL_BYTES);
        int size = in.getInt(start + 22);
        int nameLength = Short.toUnsignedInt(in.getShort(start + 26));
        in.position(start + LOCAL_BYTES);
        need(in, nameLength);
        String name = new String(in.array(), in.position(), nameLength, StandardCharsets.ISO_8859_1);
        Layout layout = Layout.require(name);
        if (size < 0 || size > layout.bytesMax()) {
            throw new FormatException("entry-large", name + " has at most " + layout.bytesMax() + " bytes");
        }
        in.position(in.position() + nameLength);
        need(in, size);
        Entry entry = new Entry(name, Arrays.copyOfRange(in.array(), in.position(), in.position() + size));
        byte[] header = Arrays.copyOfRange(in.array(), start, start + LOCAL_BYTES + nameLength);
        byte[] wanted = local(entry);
        if (!Arrays.equals(header, wanted)) {
            boolean checksum = Arrays.equals(withoutChecksum(header), withoutChecksum(wanted));
            throw new FormatException(
                    checksum ? "zip-checksum" : "zip-form", "the header of " + name + " is not the one of its bytes");
        }
        in.position(in.position() + size);
        return entry;
    }

    private static byte[] withoutChecksum(byte[] header) {
        byte[] copy = header.clone();
        Arrays.fill(copy, 14, 18, (byte) 0);
        return copy;
    }

    private static void need(ByteBuffer in, int count) throws FormatException {
        if (in.remaining() < count) {
            throw new FormatException("zip-truncated", "ends within a file");
        }
    }

    private static byte[] local(Entry entry) {
        byte[] name = entry.name().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = buffer(LOCAL_BYTES + name.length).putInt(LOCAL);
        common(out, entry, name.length);
        return out.put(name).array();
    }

    /** Version, flags, method, time, date, checksum, sizes, lengths: alike before each file and in the directory. */
    private static void common(ByteBuffer out, Entry entry, int nameLength) {
        CRC32 checksum = new CRC32();
        checksum.update(entry.bytes());
        out.putShort(VERSION).putShort((short) 0).putShort((short) 0);
        out.putShort((short) 0).putShort(DATE);
        out.putInt((int) checksum.getValue());
        out.putInt(entry.bytes().length).putInt(entry.bytes().length);
        out.putShort((short) nameLength).putShort((short) 0);
    }

    private static byte[] directory(List<Entry> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int offset = 0;
        for (Entry entry : entries) {
            byte[] name = entry.name().getBytes(StandardCharsets.US_ASCII);
            ByteBuffer header =
                    buffer(CENTRAL_BYTES + name.length).putInt(CENTRAL).putShort(VERSION);
            common(header, entry, name.length);
            header.putShort((short) 0).putShort((short) 0).putShort((short) 0);
            header.putInt(0).putInt(offset).put(name);
            out.writeBytes(header.array());
            offset += LOCAL_BYTES + name.length + entry.bytes().length;
        }
        short count = (short) entries.size();
        ByteBuffer end = buffer(END_BYTES).putInt(END).putShort((short) 0).putShort((short) 0);
        end.putShort(count).putShort(count).putInt(out.size()).putInt(offset).putShort((short) 0);
        out.writeBytes(end.array());
        return out.toByteArray();
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
