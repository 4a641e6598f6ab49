package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.http.Router;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.ConsistencyProof;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.state.Subject;
import java.util.Base64;
import java.util.List;

/**
 * Proofs as the node computes them from its tiles. Neither leaf nor root is in them: whoever checks has both from elsewhere.
 *
 * <p>A leaf is asked for by its index, or by the whole id of its record.
 */
final class ProofApi {
    private static final String SUFFIX = ".tlog-proof";
    private static final String JSON = "application/json";

    private final Ledger ledger;

    ProofApi(Ledger ledger) {
        this.ledger = ledger;
    }

    void addTo(Router.Builder routes, String prefix) {
        routes.get(prefix + "/inclusion/{leaf}/{size}", request -> proof(() -> inclusion(request)))
                .get(prefix + "/consistency/{from}/{to}", request -> proof(() -> consistency(request)))
                .get(prefix + "/proof/{file}", request -> proof(() -> file(request)))
                .get(prefix + "/state/{kind}/{id...}", request -> proof(() -> state(request, ledger::stateProof)))
                .get(prefix + "/witnessed/state/{kind}/{id...}", request -> proof(() -> witnessed(request)));
    }

    private interface Step {
        ApiAnswer run() throws ApiException, FormatException, LedgerException;
    }

    private static ApiAnswer proof(Step step) throws ApiException {
        try {
            return step.run();
        } catch (FormatException e) {
            throw NodeApi.malformed(e);
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    private ApiAnswer inclusion(ApiRequest request) throws ApiException, FormatException, LedgerException {
        TreeSize size = TreeSize.parse(request.variable("size"));
        InclusionProof proof = ledger.inclusion(leaf(request.variable("leaf")), size);
        return ApiAnswer.json(
                200,
                JsonBuilder.object()
                        .put("index", proof.index().value())
                        .strings("path", hex(proof.path()))
                        .put("size", proof.size().value())
                        .build(),
                TileApi.FOR_EVER);
    }

    private ApiAnswer consistency(ApiRequest request) throws FormatException, LedgerException {
        ConsistencyProof proof =
                ledger.consistency(TreeSize.parse(request.variable("from")), TreeSize.parse(request.variable("to")));
        return ApiAnswer.json(
                200,
                JsonBuilder.object()
                        .put("from", proof.from().value())
                        .strings("path", hex(proof.path()))
                        .put("to", proof.to().value())
                        .build(),
                TileApi.FOR_EVER);
    }

    /** The proof file of a leaf under the newest checkpoint. */
    private ApiAnswer file(ApiRequest request) throws ApiException, FormatException, LedgerException {
        String name = request.variable("file");
        if (!name.endsWith(SUFFIX)) {
            throw ApiException.notFound("a proof file, which is named <index or id>" + SUFFIX + ",");
        }
        LeafIndex leaf = leaf(name.substring(0, name.length() - SUFFIX.length()));
        return new ApiAnswer(200, TileApi.TEXT, ledger.tlogProof(leaf), TileApi.A_SECOND);
    }

    /** The state proof of a subject; a key is named without the characters that a path has other uses for (base64url, unpadded). */
    private ApiAnswer state(ApiRequest request, Prover prover) throws FormatException, LedgerException {
        String kind = request.variable("kind");
        String id = request.variable("id");
        Subject subject = Subject.parse(kind, kind.equals("key") ? key(id) : id);
        return new ApiAnswer(200, JSON, prover.prove(subject), true, TileApi.A_SECOND);
    }

    @FunctionalInterface
    private interface Prover {
        byte[] prove(Subject subject) throws LedgerException;
    }

    /** The same for readers who ask for witnesses. */
    private ApiAnswer witnessed(ApiRequest request) throws ApiException, FormatException, LedgerException {
        if (ledger.quorum().size().value() == 0) {
            throw TileApi.notWitnessed();
        }
        return state(request, ledger::witnessedStateProof);
    }

    private static String key(String typed) throws FormatException {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(typed);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(typed)) {
                return Base64Text.encode(bytes);
            }
        } catch (IllegalArgumentException e) {
            // Refused below, as what has another spelling is.
        }
        throw new FormatException("key-invalid", "a key is named in base64url without padding");
    }

    private LeafIndex leaf(String typed) throws ApiException, FormatException, LedgerException {
        if (!Hash.isHex(typed)) {
            return LeafIndex.parse(typed);
        }
        RecordId id = new RecordId(Hash.fromHex(typed));
        // Of a record that was refused, the ledger has another one that tells of it: that is not the one asked for.
        return ledger.record(id)
                .filter(found -> found.record().id().equals(id))
                .map(StoredRecord::index)
                .orElseThrow(() -> ApiException.notFound("a leaf of this record"));
    }

    private static List<String> hex(List<Hash> path) {
        return path.stream().map(Hash::hex).toList();
    }
}
