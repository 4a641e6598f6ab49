package dev.jurat.ledger;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.crypto.RandomSource;
import java.util.Arrays;
import java.util.Optional;

/** A key of words is made, and another written over it. */
final class WordsScene extends Scene {
    private Optional<byte[]> first = Optional.empty();

    WordsScene() {
        super(new FaultStorage());
    }

    @Override
    void play() throws Exception {
        WordKeys keys = new WordKeys(storage, RandomSource.secure());
        first = Optional.of(keys.key());
        answered();
        keys.renew();
        first.ifPresent(this::destroyed);
        answered();
        keys.key();
    }

    @Override
    void again() throws Exception {
        byte[] now = new WordKeys(storage.restarted(), RandomSource.secure()).key();
        first.filter(key -> !Arrays.equals(key, now)).ifPresent(this::destroyed);
        answered();
    }

    @Override
    Optional<String> missing(FaultStorage left) throws Exception {
        new WordKeys(left, RandomSource.secure()).key();
        return Optional.empty();
    }
}
