package dev.jurat.sdk;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.predecessor.Citation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * A log as it is served in the C2SP tlog-tiles layout, over HTTP, at an address or by a node's socket: checkpoint, entries and tiles, without bodies and artefacts. Believes
 * nothing: each answer has a limit of bytes and of time, and no redirection is followed. Thread-safe.
 */
public final class HttpLog implements LogSource, AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int ENTRIES_BYTES_MAX = Tile.WIDTH_MAX * (2 + EntryBundle.ENTRY_BYTES_MAX);
    private static final int TILE_BYTES_MAX = Tile.WIDTH_MAX * Hash.BYTES;

    private final LogDoor door;
    private final boolean witnessed;
    private volatile Reads reads = Reads.UNDECIDED;

    /** Which checkpoint is read where the witnessed one is wanted: what the first answer gave, from then on. */
    private enum Reads {
        UNDECIDED,
        WITNESSED,
        NEWEST
    }

    /** The log below this address, such as {@code http://127.0.0.1:8080}. */
    public HttpLog(URI prefix) {
        this(prefix, false);
    }

    /**
     * The log below this address.
     *
     * @param witnessed whether the checkpoint is wanted that witnesses have cosigned, where the log serves that under
     *     {@code witnessed/checkpoint} and the newest at its usual place
     */
    public HttpLog(URI prefix, boolean witnessed) {
        this(new WebDoor(prefix, ANSWER), witnessed);
    }

    HttpLog(LogDoor door) {
        this(door, false);
    }

    private HttpLog(LogDoor door, boolean witnessed) {
        this.door = door;
        this.witnessed = witnessed;
    }

    /** The log of the node at this Unix socket. */
    public static HttpLog at(Path socket) {
        return at(socket, false);
    }

    /**
     * The log of the node at this Unix socket.
     *
     * @param witnessed as for an address
     */
    public static HttpLog at(Path socket, boolean witnessed) {
        return new HttpLog(new SocketDoor(socket, ANSWER), witnessed);
    }

    /**
     * Reads the address of a log.
     *
     * @throws FormatException {@code log-url}
     */
    public static URI address(String typed) throws FormatException {
        try {
            URI uri = URI.create(typed);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean usable = (scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            if (usable) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new FormatException("log-url", typed + " is not the address of a log, such as http://127.0.0.1:8080");
    }

    @Override
    public SignedNote checkpoint(Optional<NoteVerifier> known) throws IOException, FormatException {
        Optional<byte[]> seen = witnessed && reads != Reads.NEWEST ? witnessed() : Optional.empty();
        Optional<byte[]> bytes = seen.isPresent() ? seen : door.get("checkpoint", SignedNote.BYTES_MAX);
        if (bytes.isPresent()) {
            // From here on the same one is read: the log as it is witnessed is mostly smaller than the log.
            reads = seen.isPresent() ? Reads.WITNESSED : Reads.NEWEST;
        }
        return SignedNote.parse(bytes.orElseThrow(
                () -> new FormatException("checkpoint-missing", "there is no log at " + door.place())));
    }

    /** Other servers than ours answer as they like where they have nothing: their one checkpoint may be cosigned itself. */
    private Optional<byte[]> witnessed() throws IOException {
        try {
            Optional<byte[]> seen = door.get("witnessed/checkpoint", SignedNote.BYTES_MAX);
            if (seen.isPresent() || reads == Reads.UNDECIDED) {
                return seen;
            }
            throw new IOException(door.place() + " has no witnessed checkpoint any more");
        } catch (IOException e) {
            if (reads == Reads.UNDECIDED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public Optional<byte[]> entries(EntryBundle bundle) throws IOException {
        return door.get(bundle.path(), ENTRIES_BYTES_MAX);
    }

    @Override
    public Optional<byte[]> tile(Tile tile) throws IOException {
        return door.get(tile.path(), TILE_BYTES_MAX);
    }

    /** A log serves no artefact but the one that its genesis cites of the log before. */
    @Override
    public Optional<byte[]> artefact(Hash digest) throws IOException {
        return door.get("predecessor", Citation.BYTES_MAX)
                .filter(bytes -> Hash.of(bytes).equals(digest));
    }

    @Override
    public boolean owes(Tile tile) {
        return true;
    }

    @Override
    public void close() {
        door.close();
    }
}
