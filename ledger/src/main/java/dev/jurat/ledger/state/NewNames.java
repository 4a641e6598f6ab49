package dev.jurat.ledger.state;

import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts;
import java.util.Arrays;

/**
 * The names of leaves that came since the last save: some 32 bytes a record until they are saved. Not thread-safe: one thread fills it, and
 * hands it over.
 */
public final class NewNames {
    private static final int FIRST_CAPACITY = 1024;

    private final NameHash hash;
    private final long from;
    private long end;
    private long[] names = new long[FIRST_CAPACITY];
    private long[] leaves = new long[FIRST_CAPACITY];
    private int count;

    NewNames(NameHash hash, long from) {
        this.hash = hash;
        this.from = from;
        this.end = from;
    }

    /**
     * Takes the names of the next leaf.
     *
     * @throws IllegalArgumentException if it is another one: names have no gaps
     */
    public void add(long leaf, SignedRecord record) {
        if (leaf != end) {
            throw new IllegalArgumentException("leaf " + end + " comes next, not " + leaf);
        }
        put(hash.own(record.id()));
        put(hash.own(record.header().stream(), record.header().sequence()));
        switch (record.statement().facts()) {
            case LedgerFacts.Genesis genesis -> genesis(genesis);
            case LedgerFacts.Refused refused -> refused.records().forEach(this::refused);
            case LedgerFacts.RefusedFold fold -> fold(fold);
            case LedgerFacts.Conflict conflict -> put(hash.told(conflict.id()));
            case RegistryFacts.Key key when key.action() == RegistryFacts.KeyAction.ENROLL -> put(hash.key(key.key()));
            case SuccessionFacts.Successor successor -> put(hash.key(successor.key()));
            case RegistryFacts.Session session -> put(hash.key(session.key()));
            case ExecutionFacts.Use use -> {
                RecordId identity = record.header().references().one("identity");
                put(hash.nonce(identity, use.nonce()));
            }
            default -> {}
        }
        end++;
    }

    private void genesis(LedgerFacts.Genesis genesis) {
        put(hash.own(Stream.LEDGER, 0));
        put(hash.key(genesis.checkpointKey()));
        genesis.principals().forEach(principal -> put(hash.key(principal.key())));
    }

    private void refused(LedgerFacts.RefusedRecord refused) {
        put(hash.told(refused.id()));
        put(hash.told(refused.stream(), refused.sequence()));
    }

    private void fold(LedgerFacts.RefusedFold fold) {
        put(hash.told(fold.id()));
        for (long number = fold.first(); number <= fold.last(); number++) {
            put(hash.told(fold.stream(), number));
        }
    }

    private void put(long name) {
        if (count == names.length) {
            names = Arrays.copyOf(names, 2 * count);
            leaves = Arrays.copyOf(leaves, 2 * count);
        }
        names[count] = name;
        leaves[count] = end;
        count++;
    }

    /** The first leaf whose names are in here. */
    public long from() {
        return from;
    }

    /** The leaf after the last one whose names are in here. */
    public long end() {
        return end;
    }

    int count() {
        return count;
    }

    /** The names in order. */
    NameList sorted() {
        return NameList.sorted(names, leaves, count);
    }
}
