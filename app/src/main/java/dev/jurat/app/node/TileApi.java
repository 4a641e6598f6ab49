package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.http.Owner;
import dev.jurat.app.http.Router;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.proof.log.SignedNote;
import java.util.Map;

/**
 * The log as the world reads it: checkpoint, tiles and entries in the C2SP tlog-tiles layout, and proofs for those who would rather not
 * compute them. Read-only.
 */
final class TileApi {
    static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String BYTES = "application/octet-stream";

    /** Of what never changes. */
    static final Map<String, String> FOR_EVER = cached("public, max-age=31536000, immutable");
    /** Of what never changes, and is of no use any more once more is there. */
    private static final Map<String, String> A_WHILE = cached("public, max-age=600");
    /** Of what is another with every checkpoint. */
    static final Map<String, String> A_SECOND = cached("public, max-age=1, must-revalidate");

    private static final String PATHS =
            "GET /checkpoint, and the tiles of a log of its size: GET /tile/<level>/<index> or /tile/entries/<index>, and .p/<width> if partial;"
                    + " the same under /witnessed, as far as witnesses have cosigned;"
                    + " or /inclusion/<index or id>/<size>, /consistency/<from>/<to>, /proof/<index or id>.tlog-proof,"
                    + " /predecessor, /state/<stream, principal, contract, identity, key or policy>/<id>,"
                    + " the same under /witnessed";

    private final Ledger ledger;
    private final ProofApi proofs;

    TileApi(Ledger ledger) {
        this.ledger = ledger;
        this.proofs = new ProofApi(ledger);
    }

    /** What a reader of the log gets, and nothing else. */
    Router router() {
        Router.Builder routes = new Router.Builder().exact().nothing(PATHS);
        addTo(routes, "");
        return routes.build();
    }

    void addTo(Router.Builder routes, String prefix) {
        routes.get(
                        prefix + "/checkpoint",
                        request -> new ApiAnswer(
                                        200,
                                        TEXT,
                                        ledger.checkpoint(ledger.head()).bytes(),
                                        A_SECOND)
                                .tagged())
                .get(prefix + "/tile/{path...}", this::tile)
                .get(prefix + "/predecessor", this::predecessor)
                .get(prefix + "/witnessed/checkpoint", this::witnessed)
                .get(prefix + "/witnessed/tile/{path...}", this::tile);
        proofs.addTo(routes, prefix);
    }

    /** The same log as far as a quorum of witnesses has cosigned it, for readers who ask for that: under a prefix of its own. */
    private ApiAnswer witnessed(ApiRequest request) throws ApiException {
        boolean any = ledger.quorum().size().value() > 0;
        SignedNote note = ledger.witnessed().filter(kept -> any).orElseThrow(TileApi::notWitnessed);
        return new ApiAnswer(200, TEXT, note.bytes(), A_SECOND).tagged();
    }

    static ApiException notWitnessed() {
        return new ApiException(
                404,
                "not-witnessed",
                "no quorum of witnesses has cosigned this log",
                Owner.OPERATOR,
                "what the log alone has signed is there without witnesses, as GET /checkpoint");
    }

    /** What leaf 0 cites of the log before, which a reader needs in order to check that. */
    private ApiAnswer predecessor(ApiRequest request) throws ApiException {
        try {
            byte[] bytes = OldLogView.artefact(ledger).orElseThrow(TileApi::none);
            return new ApiAnswer(200, JSON, bytes, true, FOR_EVER);
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    private static ApiException none() {
        return new ApiException(
                404,
                "not-found",
                "this log says of no other that it takes its place, or has lost what it cites",
                Owner.YOU,
                PATHS);
    }

    /** What is under a tile's path never changes: a partial tile names its width. */
    private ApiAnswer tile(ApiRequest request) throws ApiException {
        String path = "tile/" + request.variable("path");
        try {
            byte[] bytes = ledger.tile(path).orElseThrow(TileApi::missing);
            Map<String, String> headers = path.contains(".p/") ? A_WHILE : FOR_EVER;
            return new ApiAnswer(200, BYTES, bytes, path.startsWith("tile/entries/"), headers);
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    private static ApiException missing() {
        return new ApiException(404, "not-found", "this tile is not here, or not in this spelling", Owner.YOU, PATHS);
    }

    private static Map<String, String> cached(String control) {
        return Map.of("Cache-Control", control, "Access-Control-Allow-Origin", "*");
    }
}
