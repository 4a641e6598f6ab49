package dev.jurat.proof.lifecycle;

import dev.jurat.proof.state.Standing;
import org.jspecify.annotations.Nullable;

/** The leaf that brought the next key of a principal, and opened its stream. Always in memory. */
final class Succession extends Entity {
    private final Streams.State stream;
    private @Nullable Credential credential;

    Succession(Place place, Streams.State stream) {
        super(place);
        this.stream = stream;
        stream.holder = this;
    }

    void brings(Credential key) {
        credential = key;
    }

    private Credential credential() {
        if (credential == null) {
            throw new IllegalStateException("a succession without a key: " + place().id());
        }
        return credential;
    }

    @Override
    Standing standing() {
        return new Standing.Succeeded(credential().standing(), stream.standing());
    }

    void become(Standing.Succeeded kept, Archive archive) {
        credential().become(kept.key(), archive);
        stream.become(kept.stream());
    }

    @Override
    void letGo() {}
}
