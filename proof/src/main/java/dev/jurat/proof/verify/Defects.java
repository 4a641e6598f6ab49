package dev.jurat.proof.verify;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Leaf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects defects in the order found, up to a bound. Not thread-safe. */
final class Defects {
    private final List<Defect> found = new ArrayList<>();
    private final Map<Long, String> byLeaf = new HashMap<>();

    void add(String code, String where, String text) {
        if (found.size() < Verifier.DEFECTS_MAX) {
            found.add(new Defect(code, where, text));
        }
    }

    void add(FormatException fault, String where) {
        add(fault.code(), where, String.valueOf(fault.getMessage()));
    }

    void add(String code, Leaf leaf, String text) {
        byLeaf.putIfAbsent(leaf.index(), code);
        add(code, where(leaf), text);
    }

    static String where(Leaf leaf) {
        return "leaf " + leaf.index() + ", " + leaf.record();
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<Defect> all() {
        return List.copyOf(found);
    }

    /** The first defect of one leaf. */
    Optional<String> of(Leaf leaf) {
        return Optional.ofNullable(byLeaf.get(leaf.index()));
    }
}
