package dev.jurat.app.node;

import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.predecessor.Predecessor;
import dev.jurat.proof.record.LedgerFacts;
import java.util.Optional;

/** What a node says of the log whose place its own has taken. */
final class OldLogView {
    private OldLogView() {}

    /** Empty where there is none; where what is cited of it is lost or not sound, the digest and why. */
    static Optional<Json.Obj> of(Ledger ledger) throws LedgerException {
        LedgerFacts.Genesis genesis = genesis(ledger);
        if (genesis.predecessor().isEmpty()) {
            return Optional.empty();
        }
        Hash digest = genesis.predecessor().get();
        Optional<byte[]> artefact = ledger.artefact(digest);
        if (artefact.isEmpty()) {
            return Optional.of(fault(digest, "artefact-missing"));
        }
        try {
            return Optional.of(view(Predecessor.check(genesis, artefact.get(), SignatureChecker.standard())));
        } catch (FormatException e) {
            return Optional.of(fault(digest, e.code()));
        }
    }

    /** What leaf 0 cites, as it is kept; empty where it cites nothing, or that is lost. */
    static Optional<byte[]> artefact(Ledger ledger) throws LedgerException {
        Optional<Hash> digest = genesis(ledger).predecessor();
        return digest.isPresent() ? ledger.artefact(digest.get()) : Optional.empty();
    }

    private static LedgerFacts.Genesis genesis(Ledger ledger) throws LedgerException {
        if (ledger.record(new LeafIndex(0)).orElseThrow().record().statement().facts()
                instanceof LedgerFacts.Genesis genesis) {
            return genesis;
        }
        throw new IllegalStateException("leaf 0 is no genesis");
    }

    private static Json.Obj fault(Hash digest, String code) {
        return JsonBuilder.object()
                .put("code", code)
                .put("digest", digest.hex())
                .build();
    }

    private static Json.Obj view(Predecessor old) {
        return JsonBuilder.object()
                .put("genesis", old.genesis().hex())
                .put("origin", old.log().name())
                .put("reason", old.reason().wire())
                .put("root", old.cited().root().hex())
                .strings("signed", old.signers())
                .put("size", old.cited().size().value())
                .build();
    }
}
