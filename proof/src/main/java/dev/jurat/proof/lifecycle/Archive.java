package dev.jurat.proof.lifecycle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.state.Standing;
import java.util.Optional;

/**
 * Where a lifecycle finds again what it let go of: the leaves of its log by name, each with its standing ({@code docs/spec/state.md}) as it
 * was last given away.
 *
 * <p>An answer is of a leaf that was read and has the name asked for; where the names lie, there is no answer rather than another one.
 * Thread-safe. What cannot be read is an {@link java.io.UncheckedIOException}: nothing is judged without it.
 */
public interface Archive {
    /** A leaf, its record, and what later leaves have made of it. */
    record Kept(long leaf, SignedRecord record, byte[] standing) {
        /** The standing, of the type that such a record has. */
        public <S extends Standing> S standing(Class<S> type) {
            try {
                return type.cast(Standing.decode(record.statement().facts(), standing));
            } catch (FormatException | ClassCastException e) {
                throw new IllegalStateException("the standing kept of leaf " + leaf + " is none", e);
            }
        }
    }

    /** The leaf at an index. */
    Kept at(long leaf);

    /** The leaf of an admitted record. */
    Optional<Kept> find(RecordId id);

    /** The leaf of the record at a number of a stream; of a refused one, the leaf that tells of it. */
    Optional<Kept> find(Stream stream, long number);

    /** Whether a key was ever that of a principal, a session or the checkpoints. */
    boolean hasKey(String key);

    /** Whether a use of an identity was admitted with this nonce. */
    boolean hasNonce(RecordId identity, String nonce);

    /** Has nothing: for a lifecycle that lets nothing go. */
    Archive NONE = new Archive() {
        @Override
        public Kept at(long leaf) {
            throw new IllegalStateException("nothing is kept elsewhere");
        }

        @Override
        public Optional<Kept> find(RecordId id) {
            return Optional.empty();
        }

        @Override
        public Optional<Kept> find(Stream stream, long number) {
            return Optional.empty();
        }

        @Override
        public boolean hasKey(String key) {
            return false;
        }

        @Override
        public boolean hasNonce(RecordId identity, String nonce) {
            return false;
        }
    };
}
