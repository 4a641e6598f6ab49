package dev.jurat.ledger.journal;

import dev.jurat.ledger.storage.DurableFile;
import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.proof.crypto.RandomSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The write-ahead log: commits in order, each durable once {@link #append} returned, kept until {@link #trim} says that they are durable
 * elsewhere. Segments are preallocated, so that a commit costs one write and one data sync, and encrypted, each under a key of its own.
 *
 * <p>Any exception from a method means that nobody knows what is on disk: the journal is not used again but opened anew. Not
 * thread-safe.
 */
public final class Journal implements Closeable {
    /** The default length of a segment in bytes. */
    public static final int SEGMENT_BYTES = 16 << 20;

    private final Storage storage;
    private final RandomSource random;
    private final int segmentBytes;
    private final SegmentKeys keys;
    private final ArrayDeque<Live> live = new ArrayDeque<>();
    private DurableFile file;
    private FrameCodec codec;
    private long position;
    private long capacity;
    private long nextFrame;

    /** A segment that is still wanted, and the index after the last record in it. */
    private static final class Live {
        final long number;
        long end;

        Live(long number, long end) {
            this.number = number;
            this.end = end;
        }
    }

    private record Opened(DurableFile file, FrameCodec codec) {}

    private Journal(
            Storage storage, RandomSource random, int segmentBytes, SegmentKeys keys, Opened opened, long nextFrame) {
        this.storage = storage;
        this.random = random;
        this.segmentBytes = segmentBytes;
        this.keys = keys;
        this.file = opened.file();
        this.codec = opened.codec();
        this.nextFrame = nextFrame;
    }

    /** Makes the journal of a new ledger. */
    public static Journal create(Storage storage, RandomSource random, int segmentBytes) throws IOException {
        // Its name is durable with that of the keys' folder, before the first segment is in it.
        storage.makeFolder(Segment.FOLDER);
        SegmentKeys keys = SegmentKeys.create(storage);
        Opened opened = start(storage, random, segmentBytes, keys, new Segment.Head(0, 0, false));
        Journal journal = new Journal(storage, random, segmentBytes, keys, opened, 0);
        journal.position = Segment.HEAD_BYTES;
        journal.capacity = segmentBytes;
        journal.live.add(new Live(0, 0));
        return journal;
    }

    /**
     * Opens an existing journal and gives its frames to {@code reader}, oldest first. A last frame that was cut off by a crash is removed:
     * it was never acknowledged.
     *
     * @throws StorageException {@code journal-damaged} if anything before the last frame is not as it was written, {@code journal-missing}
     */
    public static Journal open(Storage storage, RandomSource random, int segmentBytes, FrameReader reader)
            throws IOException, StorageException {
        Segment.discardPrepared(storage);
        if (!storage.exists(SegmentKeys.PATH)) {
            throw new StorageException(
                    "journal-missing", SegmentKeys.PATH + ", which has the journal's keys, is missing");
        }
        SegmentKeys keys = SegmentKeys.open(storage);
        Recovery recovery = new Recovery(storage, keys, reader);
        recovery.run();
        Recovery.Last last = recovery.last();
        Opened opened =
                new Opened(storage.open(Segment.path(last.number())), new FrameCodec(last.number(), last.key()));
        Journal journal = new Journal(storage, random, segmentBytes, keys, opened, recovery.nextFrame());
        journal.position = last.position();
        journal.capacity = opened.file().size();
        recovery.ends().forEach((number, end) -> journal.live.add(new Live(number, end)));
        return journal;
    }

    /** Appends one commit and makes it durable. */
    public void append(Frame frame) throws IOException {
        long space = FrameCodec.space(frame.payload().length);
        if (position + space > capacity) {
            rotate(segmentBytesFor(space));
        }
        write(frame);
        // A crash before this returns leaves the frame whole, or cut and removed on opening; nobody was told of it.
        file.sync();
        live.getLast().end = Math.max(live.getLast().end, frame.end());
    }

    private void write(Frame frame) throws IOException {
        ByteBuffer bytes = codec.encode(nextFrame, frame, random);
        int space = bytes.remaining();
        file.write(position, bytes);
        position += space;
        nextFrame++;
    }

    /** A segment's length: the configured one, or more where one frame needs it. */
    private int segmentBytesFor(long frameBytes) {
        return Math.toIntExact(Math.max(segmentBytes, frameBytes + Segment.HEAD_BYTES));
    }

    private void rotate(int bytes) throws IOException {
        Segment.Head head = new Segment.Head(live.getLast().number + 1, nextFrame, false);
        requireFreeSlot();
        file.close();
        use(start(storage, random, bytes, keys, head), head.number(), bytes);
    }

    private void use(Opened opened, long number, long bytes) {
        file = opened.file();
        codec = opened.codec();
        position = Segment.HEAD_BYTES;
        capacity = bytes;
        live.add(new Live(number, live.getLast().end));
    }

    private void requireFreeSlot() throws IOException {
        if (live.size() >= SegmentKeys.SLOTS - 1) {
            throw new IOException("journal has " + live.size() + " segments that could not be trimmed");
        }
    }

    private static Opened start(
            Storage storage, RandomSource random, int segmentBytes, SegmentKeys keys, Segment.Head head)
            throws IOException {
        byte[] key = random.bytes(SegmentKeys.KEY_BYTES);
        keys.put(head.number(), key);
        DurableFile file = Segment.prepare(storage, head, segmentBytes);
        Segment.publish(storage, head);
        return new Opened(file, new FrameCodec(head.number(), key));
    }

    /**
     * Gives up segments whose records all have an index below {@code sealed}: their keys are zeroed, then the files deleted. The segment
     * in use stays.
     */
    public void trim(long sealed) throws IOException {
        while (live.size() > 1 && live.getFirst().end <= sealed) {
            drop(live.removeFirst().number);
        }
    }

    private void drop(long number) throws IOException {
        keys.erase(number);
        storage.delete(Segment.path(number));
        // A crash before this brings back a file whose key is gone; opening deletes it again.
        storage.syncFolder(Segment.FOLDER);
    }

    /**
     * Replaces everything in the journal by these frames, in one step, and destroys the old segments with their keys. For taking a body
     * out that must be readable nowhere.
     */
    public void rewrite(List<Frame> frames) throws IOException {
        Segment.Head head = new Segment.Head(live.getLast().number + 1, nextFrame, true);
        byte[] key = random.bytes(SegmentKeys.KEY_BYTES);
        int bytes = segmentBytesFor(frames.stream()
                .mapToLong(f -> FrameCodec.space(f.payload().length))
                .sum());
        requireFreeSlot();
        keys.put(head.number(), key);
        DurableFile next = Segment.prepare(storage, head, bytes);
        file.close();
        use(new Opened(next, new FrameCodec(head.number(), key)), head.number(), bytes);
        for (Frame frame : frames) {
            write(frame);
        }
        // A crash before this leaves the old segments in force; after the publishing, the new one alone.
        file.sync();
        Segment.publish(storage, head);
        live.getLast().end = frames.isEmpty() ? 0 : frames.getLast().end();
        while (live.size() > 1) {
            drop(live.removeFirst().number);
        }
    }

    /** How many bytes the live segments take on disk. */
    public long diskBytes() {
        return (long) live.size() * segmentBytes;
    }

    @Override
    public void close() throws IOException {
        file.close();
        keys.close();
    }
}
