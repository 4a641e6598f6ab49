package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.http.Owner;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.LedgerHead;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.BundleWriter;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TileHashReader;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/** Makes proof bundles of this node's log, as its newest checkpoint has it. One at a time: a bundle is held in memory. */
final class BundleExport {
    /** A larger log is exported session by session from a copy of its tiles. */
    private static final long LEAVES_MAX = 1_000_000;

    private final Ledger ledger;
    private final Semaphore turn = new Semaphore(1);

    BundleExport(Ledger ledger) {
        this.ledger = ledger;
    }

    ApiAnswer answer(ApiRequest request) throws ApiException {
        if (!turn.tryAcquire()) {
            throw new ApiException(
                    503, "busy", "another bundle is being made", Owner.YOU, "ask again in a few seconds");
        }
        try {
            return ApiAnswer.bytes(
                    "application/zip", writer().write(scope(request)).bytes());
        } catch (FormatException e) {
            throw NodeApi.malformed(e);
        } catch (LedgerException e) {
            throw Answers.of(e);
        } finally {
            turn.release();
        }
    }

    private Scope scope(ApiRequest request) throws ApiException, FormatException, LedgerException {
        if (request.query().size() != 1) {
            throw ApiException.malformed("scope-missing", "ask for one of: action, session, all=true");
        }
        if (request.parameter("all").equals(Optional.of("true"))) {
            return new Scope.All();
        }
        if (request.parameter("session").isPresent()) {
            return new Scope.Session(Stream.parse(request.parameter("session").get()));
        }
        String action = request.parameter("action")
                .orElseThrow(
                        () -> ApiException.malformed("scope-missing", "ask for one of: action, session, all=true"));
        return ledger.trace(RecordIds.whole(ledger, action)).stream()
                .map(StoredRecord::record)
                .filter(record -> record.kind() == Kind.INTENT)
                .findFirst()
                .<Scope>map(intent -> new Scope.Action(intent.id()))
                .orElseThrow(() -> ApiException.notFound("an action that this record belongs to"));
    }

    private BundleWriter writer() throws FormatException, LedgerException, ApiException {
        LedgerHead head = ledger.head();
        long size = head.size().value();
        if (size > LEAVES_MAX) {
            throw new ApiException(
                    413,
                    "log-large",
                    "this node exports logs of up to " + LEAVES_MAX + " records",
                    Owner.OPERATOR,
                    "read the tiles instead");
        }
        SortedMap<Long, SignedRecord> log = new TreeMap<>();
        for (long at = 0; at < size; at++) {
            log.put(at, ledger.record(new LeafIndex(at)).orElseThrow().record());
        }
        VerifiedCheckpoint checkpoint = VerifiedCheckpoint.open(
                SignedNote.parse(head.checkpoint()),
                key(ledger.record(new LeafIndex(0)).orElseThrow().record()));
        return new BundleWriter(
                log, new TileHashReader(head.size(), this::tile), checkpoint, this::body, this::artefact);
    }

    private static NoteVerifier key(SignedRecord genesis) throws FormatException {
        if (genesis.statement().facts() instanceof LedgerFacts.Genesis facts) {
            return NoteVerifier.log(facts.origin(), VerifyKey.parse(Suite.ED25519_2026, facts.checkpointKey()));
        }
        throw new IllegalStateException("leaf 0 is no genesis");
    }

    private List<Hash> tile(Tile tile) {
        try {
            return tile.decode(ledger.tile(tile.path()).orElseThrow());
        } catch (LedgerException | FormatException e) {
            throw new IllegalStateException("a tile of this log cannot be read: " + e.getMessage(), e);
        }
    }

    private Optional<byte[]> body(long index) {
        try {
            return ledger.record(new LeafIndex(index)).flatMap(StoredRecord::body);
        } catch (LedgerException e) {
            throw new IllegalStateException("a body of this log cannot be read: " + e.code(), e);
        }
    }

    private Optional<byte[]> artefact(Hash digest) {
        try {
            return ledger.artefact(digest);
        } catch (LedgerException e) {
            throw new IllegalStateException("an artefact of this log cannot be read: " + e.code(), e);
        }
    }
}
