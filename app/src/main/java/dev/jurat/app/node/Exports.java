package dev.jurat.app.node;

import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.http.Owner;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.record.OperationFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code export} records that were admitted since this node started and have brought no bundle yet: each brings one. Thread-safe.
 *
 * <p>Security property: whoever comes by the shared door gets no bundle without a record of their own that says so.
 */
final class Exports {
    private static final int WAITING_MAX = 1_000;

    private final Map<RecordId, SignedRecord> waiting = new LinkedHashMap<>();

    /** Takes a record that was admitted. Beyond so many that wait, the oldest brings none any more. */
    synchronized void add(SignedRecord record) {
        if (record.statement().facts() instanceof OperationFacts.Export) {
            waiting.put(record.id(), record);
            if (waiting.size() > WAITING_MAX) {
                waiting.remove(waiting.keySet().iterator().next());
            }
        }
    }

    /**
     * The record that a request names; empty where it names none and needs none. {@code export-unrecorded}, {@code export-unknown}.
     */
    synchronized Optional<SignedRecord> asked(ApiRequest request) throws ApiException, FormatException {
        Optional<String> named = request.parameter("export");
        if (named.isEmpty() && request.principal().isPresent()) {
            throw new ApiException(
                    403,
                    "export-unrecorded",
                    "a bundle goes out at this door on a record by whoever asks",
                    Owner.YOU,
                    "name whose key signs it: jurat bundle export --as NAME");
        }
        if (named.isEmpty()) {
            return Optional.empty();
        }
        SignedRecord found = waiting.get(RecordId.parse(named.get()));
        if (found == null || !isOf(found, request)) {
            throw new ApiException(
                    403,
                    "export-unknown",
                    "no export of yours with this id waits for its bundle; one brings one, until the node's next start",
                    Owner.YOU,
                    "sign another one: jurat bundle export --as NAME");
        }
        return Optional.of(found);
    }

    private static boolean isOf(SignedRecord export, ApiRequest request) {
        return request.principal()
                .map(export.header().stream().principal()::equals)
                .orElse(true);
    }

    /** The bundle was made. */
    synchronized void done(RecordId export) {
        waiting.remove(export);
    }
}
