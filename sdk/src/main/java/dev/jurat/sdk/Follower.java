package dev.jurat.sdk;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.verify.TrustPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Follows a log: hands on its leaves in order, each once it has been found under the root of a checkpoint that the log's key, and as many
 * witnesses as the trust policy asks for, have signed, and that extends the one before. Holds one bundle of entries and a few tiles. For one
 * thread.
 *
 * <p>Security property: believes the trust policy and its own state alone; what the source says it does not. That the leaves are records
 * which the rules let in is for an audit to say.
 */
public final class Follower {
    private final LogSource source;
    private final TrustPolicy trust;
    private final Waits waits;
    private Followed followed;

    /** Takes leaves as they come. What it throws goes through, and the same leaves come again. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Takes the leaves of at most one bundle.
         *
         * @param after how far the log is read once these are taken: whoever keeps it goes on from there
         */
        void read(LeafIndex first, List<byte[]> leaves, Followed after);
    }

    /**
     * How long a follower waits: between two looks, each of which reads all there is, and after a failure, twice as long after each. Who looks at
     * every checkpoint of a busy log reads the newest leaves many times over, since they are in one bundle.
     */
    public record Waits(Duration idle, Duration first, Duration max) {
        public static final Waits USUAL =
                new Waits(Duration.ofSeconds(1), Duration.ofMillis(250), Duration.ofSeconds(30));

        Duration after(int failures) {
            long millis = first.toMillis() << Math.min(20, failures - 1);
            return millis < max.toMillis() ? Duration.ofMillis(millis) : max;
        }
    }

    /**
     * A follower of this log that goes on from where it was.
     *
     * @throws FormatException {@code follow-state} if the checkpoint of its state is not by the log's key, or is of fewer leaves than were read
     */
    public Follower(LogSource source, TrustPolicy trust, Waits waits, Followed from) throws FormatException {
        this.source = source;
        this.trust = trust;
        this.waits = waits;
        this.followed = from;
        if (from.newest().isPresent() && open(from.newest().get()).size().compareTo(from.read()) < 0) {
            throw new FormatException("follow-state", "more leaves were read than its checkpoint has");
        }
    }

    /** How far the log is read. */
    public Followed followed() {
        return followed;
    }

    /**
     * Follows the log until it is refused, or the thread is interrupted. Where the log does not answer, it is asked again after growing waits.
     *
     * @param away is told of each failure
     */
    public void follow(Reader reader, Consumer<IOException> away) throws LogRefusedException, InterruptedException {
        int failures = 0;
        while (true) {
            try {
                poll(reader);
                failures = 0;
                Thread.sleep(waits.idle());
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                away.accept(e);
                failures++;
                Thread.sleep(waits.after(failures));
            }
        }
    }

    /**
     * Asks once, and reads what is new. Whether anything was.
     *
     * @throws LogRefusedException {@code log-went-back}, {@code log-forked}, {@code witness-quorum}, {@code entries-missing},
     *     {@code entries-mismatch}, {@code tile-missing}, {@code tile-mismatch}, {@code checkpoint-missing}, or what is wrong with a note, a
     *     tile or a bundle. What was handed on before stands
     * @throws IOException if the log does not answer; so what was not handed on may come yet
     */
    public boolean poll(Reader reader) throws IOException, LogRefusedException {
        Optional<SignedNote> given = Optional.empty();
        try {
            SignedNote note = source.checkpoint(Optional.of(trust.log()));
            given = Optional.of(note);
            Checkpoint checkpoint = open(note);
            Optional<Checkpoint> before = before();
            TreeSize known = before.map(Checkpoint::size).orElse(followed.read());
            if (checkpoint.size().compareTo(known) < 0) {
                throw new FormatException(
                        "log-went-back", "the log has " + checkpoint.size() + " leaves, and had " + known);
            }
            if (before.isPresent()
                    && checkpoint.equals(before.get())
                    && followed.read().equals(known)) {
                return false;
            }
            if (before.isPresent()
                    && checkpoint.size().equals(known)
                    && !checkpoint.root().equals(before.get().root())) {
                throw new FormatException("log-forked", "two roots were signed for " + known + " leaves");
            }
            CheckedTiles tiles = new CheckedTiles(source, checkpoint);
            if (before.isPresent() && !tiles.root(known).equals(before.get().root())) {
                throw new FormatException(
                        "log-forked",
                        "the log of " + checkpoint.size() + " leaves does not begin with that of " + known);
            }
            return read(note, checkpoint, tiles, reader);
        } catch (FormatException e) {
            throw LogRefusedException.of(e, followed.newest(), given);
        }
    }

    private Optional<Checkpoint> before() throws FormatException {
        return followed.newest().isEmpty()
                ? Optional.empty()
                : Optional.of(Checkpoint.parse(followed.newest().get().text()));
    }

    private Checkpoint open(SignedNote note) throws FormatException {
        VerifiedCheckpoint opened = VerifiedCheckpoint.open(note, trust.log(), trust.second(), trust.cosigners());
        if (!trust.witnessed(opened.cosigners())) {
            throw new FormatException("witness-quorum", "fewer witnesses signed than the trust policy asks for");
        }
        return opened.checkpoint();
    }

    private boolean read(SignedNote note, Checkpoint checkpoint, CheckedTiles tiles, Reader reader)
            throws IOException, FormatException {
        boolean news = false;
        long size = checkpoint.size().value();
        for (long at = followed.read().value(); at < size; at = followed.read().value()) {
            long index = at / Tile.WIDTH_MAX;
            int width = (int) Math.min(Tile.WIDTH_MAX, size - index * Tile.WIDTH_MAX);
            List<byte[]> leaves = leaves(new EntryBundle(index, width), tiles);
            Followed after = new Followed(new TreeSize(index * Tile.WIDTH_MAX + width), Optional.of(note));
            reader.read(new LeafIndex(at), leaves.subList((int) (at % Tile.WIDTH_MAX), width), after);
            followed = after;
            news = true;
        }
        followed = new Followed(followed.read(), Optional.of(note));
        return news;
    }

    private List<byte[]> leaves(EntryBundle bundle, CheckedTiles tiles) throws IOException, FormatException {
        byte[] bytes = source.entries(bundle)
                .orElseThrow(() -> new FormatException("entries-missing", bundle.path() + " is not there"));
        List<byte[]> leaves = bundle.decode(bytes);
        List<Hash> hashes = tiles.hashes(new Tile(0, bundle.index(), bundle.width()));
        for (int i = 0; i < hashes.size(); i++) {
            if (!Rfc6962.leafHash(leaves.get(i)).equals(hashes.get(i))) {
                throw new FormatException(
                        "entries-mismatch",
                        "leaf " + (bundle.index() * Tile.WIDTH_MAX + i) + " is not the one under the root");
            }
        }
        return leaves;
    }
}
