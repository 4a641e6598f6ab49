package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.http.Router;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import java.util.Map;
import java.util.Optional;

/** The log as the world reads it: checkpoint and tiles in the C2SP tlog-tiles layout. Read-only. */
final class TileApi {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String BYTES = "application/octet-stream";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private final Ledger ledger;

    TileApi(Ledger ledger) {
        this.ledger = ledger;
    }

    Router router() {
        return new Router.Builder()
                .get(
                        "/checkpoint",
                        request -> new ApiAnswer(
                                200,
                                TEXT,
                                ledger.head().checkpoint(),
                                Map.of("Cache-Control", "no-cache", "Access-Control-Allow-Origin", "*")))
                .get("/tile/{path...}", this::tile)
                .build();
    }

    /** What is under a tile's path never changes: a partial tile names its width. */
    private ApiAnswer tile(ApiRequest request) throws ApiException {
        try {
            Optional<byte[]> found = ledger.tile("tile/" + request.variable("path"));
            byte[] bytes = found.orElseThrow(() -> ApiException.notFound("this tile"));
            return new ApiAnswer(
                    200, BYTES, bytes, Map.of("Cache-Control", FOR_EVER, "Access-Control-Allow-Origin", "*"));
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }
}
