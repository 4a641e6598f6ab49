package dev.jurat.ledger.journal;

import dev.jurat.ledger.storage.DurableFile;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal after a stop of any kind and tells a torn tail from damage: a frame is written only after the one before it was
 * durable, so bytes that are no frame are a torn tail only if no frame comes after them.
 */
final class Recovery {
    private final Storage storage;
    private final SegmentKeys keys;
    private final FrameReader reader;
    private final Map<Long, Long> ends = new LinkedHashMap<>();
    private final List<Long> unwanted = new ArrayList<>();
    private long nextFrame;
    private long end;
    private @Nullable Last last;

    /** The segment that goes on being written, and where. */
    record Last(long number, byte[] key, long position) {}

    private record Found(Segment.Head head, byte[] key, ByteBuffer content) {}

    Recovery(Storage storage, SegmentKeys keys, FrameReader reader) {
        this.storage = storage;
        this.keys = keys;
        this.reader = reader;
    }

    void run() throws IOException, StorageException {
        List<Long> numbers = wanted();
        if (numbers.isEmpty() && !unwanted.isEmpty()) {
            // A trim leaves the segment in use, and no other erasure takes the last key.
            throw new StorageException(
                    "journal-damaged",
                    SegmentKeys.PATH
                            + " is damaged: it has the key of none of the journal's segments, so none can be read");
        }
        if (numbers.isEmpty()) {
            throw new StorageException("journal-missing", "the journal has no segment");
        }
        for (int i = 0; i < numbers.size(); i++) {
            readSegment(find(numbers.get(i)), i == 0, numbers.subList(i + 1, numbers.size()));
        }
        confirm();
        drop(unwanted);
    }

    /** Makes durable what is read here: a process that was killed may have written it, and stopped before its own sync. */
    private void confirm() throws IOException {
        try (DurableFile file = storage.open(Segment.path(last().number()))) {
            file.sync();
        }
        // A crash before this leaves the segments before a restart with their keys: nothing was destroyed yet.
        storage.syncFolder(Segment.FOLDER);
    }

    Last last() {
        return Objects.requireNonNull(last, "run first");
    }

    long nextFrame() {
        return nextFrame;
    }

    /** Segment numbers in order, each with the index after the last record in it or before it. */
    Map<Long, Long> ends() {
        return ends;
    }

    /** The segments in force. Those before a restart, or without a key at the front, are what a trim that was cut off has left. */
    private List<Long> wanted() throws IOException, StorageException {
        List<Long> numbers = new ArrayList<>(storage.list(Segment.FOLDER).stream()
                .filter(Segment::isName)
                .map(Segment::number)
                .toList());
        int from = 0;
        for (int i = 0; i < numbers.size(); i++) {
            boolean trimmed = from == i && keys.key(numbers.get(i)).isEmpty();
            if (trimmed) {
                from = i + 1;
            } else if (find(numbers.get(i)).head().restart()) {
                from = i;
            }
        }
        unwanted.addAll(numbers.subList(0, from));
        List<Long> wanted = List.copyOf(numbers.subList(from, numbers.size()));
        for (int i = 1; i < wanted.size(); i++) {
            if (wanted.get(i) != wanted.get(i - 1) + 1) {
                throw new StorageException("journal-damaged", "journal segment " + (wanted.get(i) - 1) + " is missing");
            }
        }
        return wanted;
    }

    private void drop(List<Long> numbers) throws IOException {
        for (long number : numbers) {
            keys.erase(number);
            storage.delete(Segment.path(number));
        }
        if (!numbers.isEmpty()) {
            storage.syncFolder(Segment.FOLDER);
        }
    }

    private Found find(long number) throws IOException, StorageException {
        String path = Segment.path(number);
        byte[] content =
                storage.read(path).orElseThrow(() -> new StorageException("journal-damaged", path + " cannot be read"));
        Optional<byte[]> key = keys.key(number);
        if (key.isEmpty()) {
            throw new StorageException(
                    "journal-damaged", SegmentKeys.PATH + " has no key of journal segment " + number);
        }
        ByteBuffer bytes = ByteBuffer.wrap(content);
        return new Found(Segment.decode(bytes, path.substring(path.lastIndexOf('/') + 1)), key.get(), bytes);
    }

    private void readSegment(Found found, boolean first, List<Long> later) throws IOException, StorageException {
        long number = found.head().number();
        if (first) {
            nextFrame = found.head().firstFrame();
        } else if (found.head().firstFrame() != nextFrame) {
            throw damaged(number, "frames before it are missing");
        }
        int position = readFrames(found);
        if (hasFrame(found.content(), position) || anyFrame(later)) {
            if (!later.isEmpty() && isBlank(found.content(), position)) {
                finish(found, position);
                return;
            }
            throw damaged(number, "bytes before its last frame are not what was written");
        }
        if (!isBlank(found.content(), position)) {
            reader.torn();
            blank(found, position);
        }
        finish(found, position);
    }

    private void finish(Found found, int position) {
        ends.put(found.head().number(), end);
        last = new Last(found.head().number(), found.key(), position);
    }

    private int readFrames(Found found) throws IOException, StorageException {
        FrameCodec codec = new FrameCodec(found.head().number(), found.key());
        int position = Segment.HEAD_BYTES;
        while (FrameCodec.isFrame(found.content(), position, nextFrame, nextFrame)) {
            Frame frame = decode(codec, found, position);
            reader.read(frame);
            end = Math.max(end, frame.end());
            position += (int) FrameCodec.space(frame.payload().length);
            nextFrame++;
        }
        return position;
    }

    private static Frame decode(FrameCodec codec, Found found, int position) throws StorageException {
        try {
            return codec.decode(found.content(), position);
        } catch (GeneralSecurityException e) {
            throw damaged(found.head().number(), "a frame does not decrypt");
        }
    }

    private boolean anyFrame(List<Long> later) throws IOException, StorageException {
        for (long number : later) {
            if (hasFrame(find(number).content(), Segment.HEAD_BYTES)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasFrame(ByteBuffer content, int from) {
        for (int at = from; at < content.limit(); at += FrameCodec.ALIGN) {
            if (FrameCodec.isFrame(content, at, nextFrame, nextFrame + content.limit())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlank(ByteBuffer content, int from) {
        for (int at = from; at < content.limit(); at++) {
            if (content.get(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private void blank(Found found, int from) throws IOException {
        try (DurableFile file = storage.open(Segment.path(found.head().number()))) {
            // A crash before this is durable, as all that is read here, leaves part of the torn tail; the next opening
            // removes the rest.
            file.write(from, ByteBuffer.allocate(found.content().limit() - from));
        }
    }

    private static StorageException damaged(long segment, String what) {
        return new StorageException("journal-damaged", "journal segment " + segment + ": " + what);
    }
}
