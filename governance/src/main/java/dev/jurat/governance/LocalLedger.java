package dev.jurat.governance;

import dev.jurat.ledger.Group;
import dev.jurat.ledger.GroupAnswer;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.Quorum;
import dev.jurat.ledger.RecordAnswer;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.ledger.Submission;
import dev.jurat.ledger.TimeSource;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/** The ledger of this process. */
final class LocalLedger implements LedgerDoor {
    private final Ledger ledger;
    private final TimeSource time;

    LocalLedger(Ledger ledger, TimeSource time) {
        this.ledger = ledger;
        this.time = time;
    }

    @Override
    public long nowMillis() {
        return time.now().latestMillis();
    }

    @Override
    public <T> T ask(Function<Lifecycle, T> question) {
        try {
            return ledger.ask(question);
        } catch (IllegalStateException e) {
            throw new UnavailableException("stopped", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Receipt append(List<Entry> group, List<byte[]> artefacts) throws PushedBackException {
        List<Submission> records = group.stream()
                .map(entry -> new Submission(entry.record(), entry.body().map(Body::bytes)))
                .toList();
        return switch (ledger.append(new Group(records, artefacts))) {
            case GroupAnswer.Committed committed ->
                new Receipt(
                        committed.clock(),
                        committed.size().value(),
                        committed.results().stream().map(LocalLedger::result).toList());
            case GroupAnswer.PushedBack back -> throw new PushedBackException(back.code(), back.message());
            case GroupAnswer.Busy busy ->
                throw new PushedBackException(busy.code(), "the ledger takes nothing in at present", true);
            case GroupAnswer.Stopped stopped ->
                throw new UnavailableException(
                        stopped.code(), "the ledger has stopped; what became of the group is unknown");
        };
    }

    private static Receipt.Result result(RecordAnswer answer) {
        long index = answer.index().value();
        return switch (answer) {
            case RecordAnswer.Admitted admitted ->
                new Receipt.Result(admitted.id(), index, Receipt.Status.ADMITTED, Optional.empty());
            case RecordAnswer.Present present ->
                present.refused()
                        ? new Receipt.Result(present.id(), index, Receipt.Status.REFUSED, Optional.of("refused-before"))
                        : new Receipt.Result(present.id(), index, Receipt.Status.PRESENT, Optional.empty());
            case RecordAnswer.Refused refused ->
                new Receipt.Result(
                        refused.id(),
                        index,
                        Receipt.Status.REFUSED,
                        Optional.of(refused.rule().code()));
        };
    }

    @Override
    public Optional<SignedRecord> record(RecordId id) {
        return stored(id).map(StoredRecord::record);
    }

    @Override
    public OptionalLong indexOf(RecordId id) {
        return stored(id).map(found -> OptionalLong.of(found.index().value())).orElseGet(OptionalLong::empty);
    }

    @Override
    public long size() {
        return ledger.head().size().value();
    }

    @Override
    public Quorum quorum() {
        return ledger.quorum();
    }

    @Override
    public Optional<Body> body(RecordId id) {
        return stored(id).flatMap(StoredRecord::body).map(LocalLedger::body);
    }

    private Optional<StoredRecord> stored(RecordId id) {
        try {
            return ledger.record(id).filter(found -> found.record().id().equals(id));
        } catch (LedgerException e) {
            throw unreadable(e);
        }
    }

    private static Body body(byte[] bytes) {
        try {
            return Body.read(bytes);
        } catch (FormatException e) {
            throw new UnavailableException("body-damaged", "a body that was admitted cannot be read: " + e.code());
        }
    }

    @Override
    public Optional<byte[]> artefact(Hash digest) {
        try {
            return ledger.artefact(digest);
        } catch (LedgerException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void replay(long from, Consumer<SignedRecord> reader) {
        try {
            ledger.replay(new LeafIndex(from), reader);
        } catch (LedgerException e) {
            throw unreadable(e);
        }
    }

    private static UnavailableException unreadable(LedgerException e) {
        return new UnavailableException(e.code(), String.valueOf(e.getMessage()));
    }
}
