package dev.jurat.ledger;

import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Takes out of the index what it has from bodies that are about to be erased; what it has from other bodies stays. For one thread. */
final class ErasedRows {
    private final ActionIndex index;
    private final Indexer.Source source;
    private final Set<Long> bodies;

    ErasedRows(ActionIndex index, Indexer.Source source, Set<Long> bodies) {
        this.index = index;
        this.source = source;
        this.bodies = bodies;
    }

    /** Does so, and leaves nothing of it in the files of the index. */
    void takeOut() throws SQLException, IOException {
        try {
            index.change(() -> {
                takeOutRows();
                return 0;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        index.scrub();
    }

    private void takeOutRows() throws SQLException {
        SortedSet<Long> acts = new TreeSet<>();
        for (long body : bodies) {
            acts.addAll(index.actsWith(body));
        }
        for (long body : bodies) {
            index.forgetWords(body);
        }
        for (long act : acts) {
            index.dropResources(act);
        }
        for (long act : acts) {
            again(act);
        }
        for (long act : acts) {
            index.restAgain(act);
        }
    }

    private StoredRecord read(long at) {
        try {
            return source.read(at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void again(long act) throws SQLException {
        for (long at : index.recordsOf(act)) {
            StoredRecord stored = read(at);
            boolean own = at == act && stored.record().kind() == Kind.REFUSAL;
            if (bodies.contains(at)) {
                unname(stored, act);
            } else if (own
                    || stored.record().kind() == Kind.INTENT
                    || stored.record().kind() == Kind.USE) {
                for (String resource : Projection.resources(stored)) {
                    index.putResource(act, resource);
                }
            }
        }
    }

    /** An act that is a refusal by itself, of what no statement names, has its name from the body. */
    private void unname(StoredRecord stored, long act) throws SQLException {
        boolean named = stored.record().statement().facts() instanceof ExecutionFacts.Refusal refusal
                && stored.index().value() == act
                && refusal.tool().isEmpty();
        if (named) {
            index.unname(act, Projection.UNREAD);
        }
    }
}
