package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.ledger.witness.WitnessConfig;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ConfigurationDetails;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.OperationFacts;
import dev.jurat.proof.record.SignedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How the node is set up, and whether an administrator answers for that: by the newest {@code configuration} of the log. Thread-safe. */
final class Configured {
    private final Json.Obj settings;

    private volatile Optional<SignedRecord> signed = Optional.empty();

    Configured(Json.Obj settings) {
        this.settings = settings;
    }

    /** How somebody stands to the settings. */
    enum State {
        UNSIGNED,
        SIGNED,
        CHANGED;

        String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** The settings of a node that has settled whom it asks and what it shares. */
    static Json.Obj settings(NodeConfig config, Optional<Path> shared, boolean secondLine)
            throws IOException, FormatException {
        JsonBuilder out = JsonBuilder.object()
                .put("secondLine", secondLine)
                .put("share", shared.map(folder -> new Json.Str(folder.toString())));
        if (Files.exists(config.witnessFile())) {
            out.put(
                    "witnesses",
                    CanonicalJson.readLoose(PrivateFiles.read(config.witnessFile(), WitnessConfig.BYTES_MAX)));
        }
        return out.build();
    }

    /** Takes a record that was admitted: those of the log first, in its order. */
    void add(SignedRecord record) {
        if (record.statement().facts() instanceof OperationFacts.Configuration) {
            signed = Optional.of(record);
        }
    }

    State state() {
        return signed.map(record ->
                        ((OperationFacts.Configuration) record.statement().facts())
                                        .digest()
                                        .equals(ConfigurationDetails.digestOf(settings))
                                ? State.SIGNED
                                : State.CHANGED)
                .orElse(State.UNSIGNED);
    }

    ApiAnswer answer(ApiRequest request) {
        Optional<SignedRecord> by = signed;
        return ApiAnswer.ok(JsonBuilder.object()
                .put(
                        "by",
                        by.map(record -> new Json.Str(record.header().stream().principal())))
                .put("digest", ConfigurationDetails.digestOf(settings).hex())
                .put("record", by.map(record -> new Json.Str(record.id().hex())))
                .put("settings", settings)
                .put("state", state().wire())
                .build());
    }
}
