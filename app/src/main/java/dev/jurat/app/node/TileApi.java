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
import java.util.Optional;

/** The log as the world reads it: checkpoint and tiles in the C2SP tlog-tiles layout. Read-only. */
final class TileApi {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String BYTES = "application/octet-stream";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private static final String PATHS =
            "GET /checkpoint, and the tiles of a log of its size: GET /tile/<level>/<index> or /tile/entries/<index>, and .p/<width> if partial; the same under /witnessed, as far as witnesses have cosigned";

    private final Ledger ledger;

    TileApi(Ledger ledger) {
        this.ledger = ledger;
    }

    Router router() {
        return new Router.Builder()
                .exact()
                .nothing(PATHS)
                .get(
                        "/checkpoint",
                        request -> new ApiAnswer(
                                200,
                                TEXT,
                                ledger.head().checkpoint(),
                                Map.of("Cache-Control", "no-cache", "Access-Control-Allow-Origin", "*")))
                .get("/tile/{path...}", this::tile)
                .get("/witnessed/checkpoint", this::witnessed)
                .get("/witnessed/tile/{path...}", this::tile)
                .build();
    }

    /** The same log as far as a quorum of witnesses has cosigned it, for readers who ask for that: under a prefix of its own. */
    private ApiAnswer witnessed(ApiRequest request) throws ApiException {
        boolean any = ledger.quorum().size().value() > 0;
        SignedNote note = ledger.witnessed()
                .filter(kept -> any)
                .orElseThrow(() -> new ApiException(
                        404,
                        "not-witnessed",
                        "no quorum of witnesses has cosigned this log",
                        Owner.OPERATOR,
                        "GET /checkpoint is signed by the log alone"));
        return new ApiAnswer(
                200, TEXT, note.bytes(), Map.of("Cache-Control", "no-cache", "Access-Control-Allow-Origin", "*"));
    }

    /** What is under a tile's path never changes: a partial tile names its width. */
    private ApiAnswer tile(ApiRequest request) throws ApiException {
        try {
            Optional<byte[]> found = ledger.tile("tile/" + request.variable("path"));
            byte[] bytes = found.orElseThrow(TileApi::missing);
            return new ApiAnswer(
                    200, BYTES, bytes, Map.of("Cache-Control", FOR_EVER, "Access-Control-Allow-Origin", "*"));
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    private static ApiException missing() {
        return new ApiException(404, "not-found", "this tile is not here, or not in this spelling", Owner.YOU, PATHS);
    }
}
