package dev.jurat.ledger.journal;

import dev.jurat.ledger.storage.DurableFile;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * One preallocated file of the journal: a 64-byte head, then frames, then zeros.
 *
 * <p>Head: {@code JURATWAL}, format u32, flags u32 (1 = everything before this segment is void), segment number u64, number of the first
 * frame u64, zeros, CRC-32C u32.
 */
final class Segment {
    static final int HEAD_BYTES = 64;
    static final String FOLDER = "journal";
    private static final String TEMPORARY = "journal/new.tmp";
    private static final long MAGIC =
            ByteBuffer.wrap("JURATWAL".getBytes(StandardCharsets.US_ASCII)).getLong();
    private static final int FORMAT = 1;
    private static final int CRC_AT = 60;

    /**
     * What a segment's head says.
     *
     * @param restart whether all earlier segments are void, because this one repeats what was still wanted of them
     */
    record Head(long number, long firstFrame, boolean restart) {}

    private Segment() {}

    static String path(long number) {
        return "%s/%016d.wal".formatted(FOLDER, number);
    }

    static boolean isName(String name) {
        return name.matches("[0-9]{16}\\.wal");
    }

    static long number(String name) {
        return Long.parseLong(name.substring(0, 16));
    }

    /** Makes a segment of zeros behind its head under a temporary name, durable but not yet part of the journal. */
    static DurableFile prepare(Storage storage, Head head, int bytes) throws IOException {
        storage.delete(TEMPORARY);
        DurableFile file = storage.create(TEMPORARY);
        ByteBuffer content = ByteBuffer.allocate(bytes);
        content.put(encode(head)).rewind();
        file.write(0, content);
        // A crash here leaves a temporary file; opening deletes it.
        file.sync();
        return file;
    }

    /** Gives a prepared segment its name. */
    static void publish(Storage storage, Head head) throws IOException {
        storage.rename(TEMPORARY, path(head.number()));
        // A crash here leaves the segment, without frames, or none; nothing was acknowledged from it.
        storage.syncFolder(FOLDER);
    }

    static void discardPrepared(Storage storage) throws IOException {
        storage.delete(TEMPORARY);
    }

    private static ByteBuffer encode(Head head) {
        ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES);
        out.putLong(MAGIC).putInt(FORMAT).putInt(head.restart() ? 1 : 0);
        out.putLong(head.number()).putLong(head.firstFrame());
        out.putInt(CRC_AT, checksum(out));
        return out.rewind();
    }

    static Head decode(ByteBuffer content, String name) throws StorageException {
        boolean whole = content.limit() >= HEAD_BYTES
                && content.getLong(0) == MAGIC
                && content.getInt(CRC_AT) == checksum(content)
                && content.getInt(8) == FORMAT
                && content.getLong(16) == number(name);
        if (!whole) {
            throw new StorageException("journal-damaged", "the head of journal segment " + name + " is damaged");
        }
        return new Head(content.getLong(16), content.getLong(24), content.getInt(12) == 1);
    }

    private static int checksum(ByteBuffer head) {
        CRC32C crc = new CRC32C();
        crc.update(head.slice(0, CRC_AT));
        return (int) crc.getValue();
    }
}
