package dev.jurat.ledger;

import dev.jurat.ledger.store.LogStore;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Something other than a group that only the sequencer may do to the store. */
record Chore(Action action, CompletableFuture<String> done) implements Work {
    /** What is to be done. */
    @FunctionalInterface
    interface Action {
        void run(LogStore store) throws IOException;
    }

    @Override
    public void stopped(String code) {
        done.complete(code);
    }
}
