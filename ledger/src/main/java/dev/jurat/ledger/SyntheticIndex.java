package dev.jurat.ledger;

import dev.jurat.proof.crypto.Hash;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * An index without a log, for measurements of what a large one answers. Its rows are written by the calls that {@link Projection} makes for each record, in
 * their order, and are read as a node reads them; but no record was ever signed, stored or judged, ids are digests of numbers, and bodies are not there.
 *
 * <p>For one thread.
 */
public final class SyntheticIndex implements AutoCloseable {
    private static final Hash LOG = Hash.of(new byte[] {0});
    private static final int BATCH = 2048;
    private static final int RECORDS_TO_IDENTITY = 5;

    private final WordKey key = new WordKey(new byte[WordKey.BYTES]);
    private final ActionIndex index;
    private final ActionIndex reader;
    private long next;
    private long atMillis;

    /** Opens the index in a file, or makes it. */
    public SyntheticIndex(Path file) throws SQLException {
        this.index = ActionIndex.open("jdbc:sqlite:" + file, LOG.hex());
        this.reader = ActionIndex.open("jdbc:sqlite:" + file, LOG.hex());
        this.next = index.next();
        this.atMillis = index.atMillis();
    }

    /**
     * What is called.
     *
     * @param words those of its body
     */
    public record Call(
            String principal,
            String session,
            String tool,
            String effect,
            List<String> resources,
            Set<String> words,
            long atMillis) {}

    /** Puts records in. */
    @FunctionalInterface
    public interface Filling {
        void run() throws SQLException;
    }

    /** Fills one transaction: as many times as it takes to have so many records as a node reads at once. */
    public void fill(Filling filling) throws SQLException {
        long from = next;
        index.change(() -> {
            while (next - from < BATCH) {
                filling.run();
            }
            index.reached(next, atMillis);
            return atMillis;
        });
    }

    /** Intent, context and decision; answers the action. */
    public long decided(Call call, String decision, String reason) throws SQLException {
        long act = next;
        atMillis = call.atMillis();
        index.putAction(
                new Action(
                        act,
                        id(act),
                        call.principal(),
                        call.session(),
                        "tools/call",
                        call.tool(),
                        call.effect(),
                        call.resources(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        atMillis),
                act);
        record(act, call.words());
        record(actOf(act), Set.of());
        index.decide(actOf(act), decision, reason);
        record(act, Set.of());
        return act;
    }

    /** Contract and identity of what was decided last. */
    public void minted(long act) throws SQLException {
        record(actOf(act + 2), Set.of());
        index.actOf(id(act + 3));
        record(actOf(act), Set.of());
    }

    /** A use under the identity of an action, and its outcome; answers the action that it is. */
    public long used(Call call, long act, Optional<String> outcome) throws SQLException {
        long own = actOf(act + RECORDS_TO_IDENTITY - 1);
        atMillis = call.atMillis();
        if (index.countUse(own) > 0) {
            own = further(act);
        }
        index.outcome(own, "open");
        for (String resource : call.resources()) {
            index.putResource(own, resource);
        }
        long use = next;
        record(own, call.words());
        if (outcome.isPresent()) {
            index.outcome(actOf(use), outcome.get());
            record(own, Set.of());
        }
        return own;
    }

    private long further(long act) throws SQLException {
        Action intent = index.action(act).orElseThrow();
        long own = next;
        index.putAction(
                new Action(
                        own,
                        intent.intent(),
                        intent.principal(),
                        intent.session(),
                        intent.method(),
                        intent.tool(),
                        intent.effect(),
                        List.of(),
                        intent.decision(),
                        intent.reason(),
                        Optional.empty(),
                        List.of(),
                        atMillis),
                act);
        return own;
    }

    /** A record of an action that carries a flag. */
    public void flagged(long act, String flag) throws SQLException {
        index.putFlag(act, flag);
        record(act, Set.of());
    }

    private void record(long act, Set<String> words) throws SQLException {
        index.putRecord(next, id(next), OptionalLong.of(act), OptionalLong.empty());
        if (!words.isEmpty()) {
            index.putWords(next, act, key.tokens(words));
        }
        next++;
    }

    private long actOf(long record) throws SQLException {
        return index.actOf(id(record)).orElseThrow();
    }

    private static Hash id(long record) {
        return Hash.of(ByteBuffer.allocate(Long.BYTES).putLong(record).array());
    }

    /** How many records there are. */
    public long size() {
        return next;
    }

    /** When the last action was, milliseconds since 1970. */
    public long atMillis() throws SQLException {
        return index.atMillis();
    }

    // ---- reading, as Ledger has it

    public ActionPage search(Query query) throws SQLException {
        return reader.snapshot(index -> index.search(query, key.tokens(query.words())));
    }

    /** The records of the action that the record at a place belongs to. */
    public List<Long> trace(long record) throws SQLException {
        Hash id = id(record);
        return reader.snapshot(index -> index.trace(index.actOf(id).orElseThrow()));
    }

    /** The record at a place, found by its first digits. */
    public int beginning(long record, int digits) throws SQLException {
        String begin = id(record).hex().substring(0, digits);
        return reader.snapshot(index -> index.beginning(begin, 2)).size();
    }

    @Override
    public void close() throws SQLException {
        reader.close();
        index.close();
    }
}
