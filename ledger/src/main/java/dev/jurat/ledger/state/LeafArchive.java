package dev.jurat.ledger.state;

import dev.jurat.proof.lifecycle.Archive;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts;
import dev.jurat.proof.state.Beginnings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The leaves that a store has names of, and their standings as it saved them last. A name only says where to look: each answer is of a leaf that was
 * read. Thread-safe.
 */
public final class LeafArchive implements Archive {
    private final StateStore store;
    private final LongFunction<SignedRecord> leaves;
    private final LongSupplier size;

    /**
     * An archive over a log.
     *
     * @param leaves reads a durable leaf; what it cannot read is an {@link UncheckedIOException}
     * @param size how many leaves are durable: names may go further, after a crash
     */
    public LeafArchive(StateStore store, LongFunction<SignedRecord> leaves, LongSupplier size) {
        this.store = store;
        this.leaves = leaves;
        this.size = size;
    }

    @Override
    public Kept at(long leaf) {
        return kept(leaf, leaves.apply(leaf));
    }

    private Kept kept(long leaf, SignedRecord record) {
        try {
            return new Kept(leaf, record, store.standing(leaf));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<Kept> find(RecordId id) {
        return first(store.hash().own(id), record -> record.id().equals(id));
    }

    /** Where both a record and a leaf that tells of one are there, as of an opening that was refused before it was admitted, the record. */
    @Override
    public Optional<Kept> find(Stream stream, long number) {
        return first(store.hash().own(stream, number), record -> stands(record, stream, number))
                .or(() -> first(store.hash().told(stream, number), record -> tells(record, stream, number)));
    }

    private static boolean stands(SignedRecord record, Stream stream, long number) {
        return (record.header().stream().equals(stream) && record.header().sequence() == number)
                || (record.statement().facts() instanceof LedgerFacts.Genesis
                        && stream.equals(Stream.LEDGER)
                        && number == 0);
    }

    private static boolean tells(SignedRecord record, Stream stream, long number) {
        return switch (record.statement().facts()) {
            case LedgerFacts.Refused refused ->
                refused.records().stream().anyMatch(told -> told.stream().equals(stream) && told.sequence() == number);
            case LedgerFacts.RefusedFold fold ->
                fold.stream().equals(stream) && fold.first() <= number && number <= fold.last();
            default -> false;
        };
    }

    /** The newest leaf that tells of a record that was refused, or that conflicts with another; of a fold's, only the last one is told of by its id. */
    public OptionalLong telling(RecordId id) {
        return leaf(first(store.hash().told(id), record -> tells(record, id)));
    }

    private static boolean tells(SignedRecord record, RecordId id) {
        return switch (record.statement().facts()) {
            case LedgerFacts.Refused refused ->
                refused.records().stream().anyMatch(told -> told.id().equals(id));
            case LedgerFacts.RefusedFold fold -> fold.id().equals(id);
            case LedgerFacts.Conflict conflict -> conflict.id().equals(id);
            default -> false;
        };
    }

    @Override
    public boolean hasKey(String key) {
        return first(store.hash().key(key), record -> hasKey(record, key)).isPresent();
    }

    /** The leaf that brought a key, as state proofs want it: of a principal, a session or the checkpoints. */
    public OptionalLong bringing(String key) {
        return leaf(first(store.hash().key(key), record -> Beginnings.brings(record, key)));
    }

    /** The leaf that opened a stream. */
    public OptionalLong opening(Stream stream) {
        return Beginnings.opens(leaves.apply(0), stream)
                ? OptionalLong.of(0)
                : leaf(first(store.hash().own(stream, 0), record -> Beginnings.opens(record, stream)));
    }

    private static OptionalLong leaf(Optional<Kept> found) {
        return found.isPresent() ? OptionalLong.of(found.get().leaf()) : OptionalLong.empty();
    }

    private static boolean hasKey(SignedRecord record, String key) {
        return switch (record.statement().facts()) {
            case LedgerFacts.Genesis genesis ->
                genesis.checkpointKey().equals(key)
                        || genesis.principals().stream()
                                .anyMatch(principal -> principal.key().equals(key));
            case RegistryFacts.Key enrolled -> enrolled.key().equals(key);
            case SuccessionFacts.Successor successor -> successor.key().equals(key);
            case RegistryFacts.Session session -> session.key().equals(key);
            default -> false;
        };
    }

    @Override
    public boolean hasNonce(RecordId identity, String nonce) {
        return first(
                        store.hash().nonce(identity, nonce),
                        record -> record.statement().facts() instanceof ExecutionFacts.Use use
                                && use.nonce().equals(nonce)
                                && record.header().references().one("identity").equals(identity))
                .isPresent();
    }

    private Optional<Kept> first(long name, Predicate<SignedRecord> isMeant) {
        try {
            // Names go further than the state after a crash: what is behind the state is judged again, and in memory.
            long end = Math.min(size.getAsLong(), store.size());
            for (long leaf : store.leaves(name)) {
                if (leaf < end) {
                    SignedRecord record = leaves.apply(leaf);
                    if (isMeant.test(record)) {
                        return Optional.of(kept(leaf, record));
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
