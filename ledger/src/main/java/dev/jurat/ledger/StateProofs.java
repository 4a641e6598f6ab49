package dev.jurat.ledger;

import dev.jurat.ledger.state.LeafArchive;
import dev.jurat.ledger.state.SavedState;
import dev.jurat.ledger.state.StateStore;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.HashReader;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.state.StateProof;
import dev.jurat.proof.state.StateSource;
import dev.jurat.proof.state.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes state proofs out of a ledger, one at a time: as of the newest size that a durable {@code state} leaf states, of which the store keeps
 * the chunks. Thread-safe.
 */
final class StateProofs {
    /** Another state may be stated while one is asked for; hardly twice. */
    private static final int TRIES_MAX = 5;

    private final Engine engine;
    private final StateStore store;
    private final LeafArchive archive;
    /** A stranger's questions must not take all memory. */
    private final ReentrantLock one = new ReentrantLock(true);

    StateProofs(Engine engine, StateStore store, LeafArchive archive) {
        this.engine = engine;
        this.store = store;
        this.archive = archive;
    }

    /** Whether there is one, or why not. */
    private sealed interface Made {
        record Proof(byte[] bytes) implements Made {}

        record None(FormatException why) implements Made {}
    }

    /**
     * The proof of a subject; the codes of {@link StateProof#make}.
     *
     * @param witnessed whether it has to be under a checkpoint that a quorum of witnesses has cosigned: {@code state-not-witnessed} while
     *     there is none that covers the newest state
     */
    byte[] prove(Subject subject, boolean witnessed) throws IOException, LedgerException, FormatException {
        one.lock();
        try {
            for (int i = 0; i < TRIES_MAX; i++) {
                StateKeeper.Statement newest = engine.newestState();
                if (newest.size() == 0) {
                    throw none();
                }
                Optional<SignedNote> checkpoint = witnessed ? cosigned(newest.leaf()) : checkpoint(newest.leaf());
                if (witnessed && checkpoint.isEmpty()) {
                    throw notWitnessed();
                }
                if (checkpoint.isPresent()) {
                    Optional<Made> made = made(newest, checkpoint.get(), subject);
                    if (made.isPresent()) {
                        return proof(made.get());
                    }
                }
            }
            throw none();
        } finally {
            one.unlock();
        }
    }

    private static FormatException none() {
        return new FormatException("state-none", "the log states no root of its state yet");
    }

    private static FormatException notWitnessed() {
        return new FormatException(
                "state-not-witnessed", "no quorum of witnesses has cosigned what the log stated last of its state");
    }

    private static byte[] proof(Made made) throws FormatException {
        return switch (made) {
            case Made.Proof(byte[] bytes) -> bytes;
            case Made.None(FormatException why) -> throw why;
        };
    }

    private Optional<Made> made(StateKeeper.Statement newest, SignedNote checkpoint, Subject subject)
            throws IOException, FormatException {
        TreeSize size = Checkpoint.parse(checkpoint.text()).size();
        HashReader hashes = engine.hashes(size);
        return store.asOf(newest.size(), saved -> {
            try {
                return new Made.Proof(
                        StateProof.make(new Source(saved, newest.leaf(), checkpoint, size, hashes), subject));
            } catch (FormatException e) {
                return new Made.None(e);
            }
        });
    }

    /** What witnesses have cosigned, if that covers the leaf; else the newest checkpoint, if the leaf is durable. */
    private Optional<SignedNote> checkpoint(long leaf) throws FormatException {
        SignedNote newest = SignedNote.parse(engine.sequencer().head().checkpoint());
        Optional<SignedNote> cosigned = cosigned(leaf);
        if (cosigned.isPresent()) {
            return cosigned;
        }
        return covers(newest, leaf) ? Optional.of(newest) : Optional.empty();
    }

    /** What a quorum of the witnesses that are asked now has cosigned, if that covers the leaf. */
    private Optional<SignedNote> cosigned(long leaf) throws FormatException {
        boolean any = engine.witnessed().quorum().size().value() > 0;
        Optional<SignedNote> cosigned = any ? engine.witnessed().newest() : Optional.empty();
        return cosigned.isPresent() && covers(cosigned.get(), leaf) ? cosigned : Optional.empty();
    }

    private static boolean covers(SignedNote note, long leaf) throws FormatException {
        return Checkpoint.parse(note.text()).size().value() > leaf;
    }

    /** The log and its state as of one checkpoint. */
    private final class Source implements StateSource {
        private final SavedState saved;
        private final long stateLeaf;
        private final SignedNote checkpoint;
        private final TreeSize size;
        private final HashReader hashes;

        Source(SavedState saved, long stateLeaf, SignedNote checkpoint, TreeSize size, HashReader hashes) {
            this.saved = saved;
            this.stateLeaf = stateLeaf;
            this.checkpoint = checkpoint;
            this.size = size;
            this.hashes = hashes;
        }

        @Override
        public SignedNote checkpoint() {
            return checkpoint;
        }

        @Override
        public Optional<Long> stateLeaf() {
            return Optional.of(stateLeaf);
        }

        @Override
        public SignedRecord record(long leaf) {
            try {
                return engine.parsed(leaf);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public List<Hash> path(long leaf) {
            return InclusionProof.make(hashes, new LeafIndex(leaf), size).path();
        }

        /** What the store has no name of yet came after the state, if it came. */
        @Override
        public Optional<Long> leafOf(RecordId record) {
            return archive.find(record).map(kept -> kept.leaf()).or(() -> later(record));
        }

        private Optional<Long> later(RecordId id) {
            try {
                return under(engine.locate(id)).filter(leaf -> record(leaf).id().equals(id));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Optional<Long> under(OptionalLong leaf) {
            return leaf.isPresent() && leaf.getAsLong() < size.value()
                    ? Optional.of(leaf.getAsLong())
                    : Optional.empty();
        }

        @Override
        public Optional<Long> openerOf(Stream stream) {
            return under(archive.opening(stream));
        }

        @Override
        public Optional<Long> registrationOf(String principal) {
            return engine.ask(lifecycle -> lifecycle.principal(principal))
                    .flatMap(registered -> originOf(registered.key()));
        }

        @Override
        public Optional<Long> originOf(String key) {
            return under(archive.bringing(key));
        }

        @Override
        public byte[] chunk(long number) {
            return saved.chunk(number);
        }

        @Override
        public List<Hash> chunkPath(long number) {
            return saved.path(number);
        }
    }
}
