package dev.jurat.ledger;

import dev.jurat.ledger.storage.FaultStorage;
import dev.jurat.proof.crypto.Hash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Part of a ledger's life over one storage, with what it has promised so far. */
abstract class Scene {
    /** Where syncs are forgotten and the power is lost. */
    final FaultStorage storage;

    /** Hears of each promise, once it is made. */
    Runnable answering = () -> {};

    private final Set<Hash> looked = new HashSet<>();
    private final List<byte[]> destroyed = new ArrayList<>();

    Scene(FaultStorage storage) {
        this.storage = storage;
    }

    abstract void play() throws Exception;

    /** What the next process does after this one was killed, while the power stays on. */
    abstract void again() throws Exception;

    /**
     * Which promise is broken by what a loss of power left. What was looked at once is not looked at again, until something else is
     * promised.
     */
    final Optional<String> broken(FaultStorage left) {
        if (!looked.add(left.digest())) {
            return Optional.empty();
        }
        for (Map.Entry<String, byte[]> file : left.files().entrySet()) {
            if (destroyed.stream().anyMatch(secret -> holds(file.getValue(), secret))) {
                return Optional.of(file.getKey() + " has what was destroyed");
            }
        }
        try {
            return missing(left);
        } catch (Exception e) {
            return Optional.of(e.toString());
        }
    }

    /** Which promise is broken, apart from what was destroyed. */
    abstract Optional<String> missing(FaultStorage left) throws Exception;

    final void answered() {
        looked.clear();
        answering.run();
    }

    /** It was played to its end, which is a promise too. */
    final void ended() {
        looked.clear();
    }

    /** From here on these bytes are in no file. */
    final void destroyed(byte[] secret) {
        destroyed.add(secret.clone());
    }

    private static boolean holds(byte[] content, byte[] secret) {
        for (int at = 0; at + secret.length <= content.length; at++) {
            if (content[at] == secret[0] && Arrays.equals(content, at, at + secret.length, secret, 0, secret.length)) {
                return true;
            }
        }
        return false;
    }

    static Optional<String> unless(boolean kept, String what) {
        return kept ? Optional.empty() : Optional.of(what);
    }
}
