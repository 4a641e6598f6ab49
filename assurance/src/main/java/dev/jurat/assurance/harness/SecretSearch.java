package dev.jurat.assurance.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Looks for many secrets in all their forms at once, in one pass over the bytes. */
public final class SecretSearch {
    private record Form(String secret, String form, byte[] bytes) {}

    private final Map<Integer, List<Form>> byStart = new HashMap<>();
    private final BitSet firstTwo = new BitSet(1 << 16);

    public SecretSearch(Collection<SecretForms> secrets) {
        for (SecretForms secret : secrets) {
            secret.forms().forEach((form, bytes) -> {
                byStart.computeIfAbsent(start(bytes, 0), any -> new ArrayList<>())
                        .add(new Form(secret.name(), form, bytes));
                firstTwo.set(two(bytes, 0));
            });
        }
    }

    /** What is there, as {@code SECRET: FORM}, sorted. */
    public Set<String> in(byte[] bytes) {
        Set<String> found = new TreeSet<>();
        for (int at = 0; at + Integer.BYTES <= bytes.length; at++) {
            if (firstTwo.get(two(bytes, at))) {
                for (Form form : byStart.getOrDefault(start(bytes, at), List.of())) {
                    int end = at + form.bytes.length;
                    if (end <= bytes.length && Arrays.equals(bytes, at, end, form.bytes, 0, form.bytes.length)) {
                        found.add(form.secret + ": " + form.form);
                    }
                }
            }
        }
        return found;
    }

    private static int two(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private static int start(byte[] bytes, int at) {
        return two(bytes, at) << 16 | two(bytes, at + 2);
    }
}
