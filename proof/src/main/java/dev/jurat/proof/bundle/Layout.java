package dev.jurat.proof.bundle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.SignedRecord;
import java.util.Comparator;
import java.util.Optional;

/** The files that a bundle may have, their order and the most bytes of each ({@code docs/spec/bundle.md} §2). */
enum Layout {
    MANIFEST("manifest.json", "", 1 << 16),
    CHECKPOINT("checkpoint", "", 1 << 16),
    LEAF("leaves/", "", SignedRecord.LEAF_BYTES_MAX),
    PROOF("proofs/", ".tlog-proof", 1 << 17),
    BODY("bodies/", "", Body.BYTES_MAX),
    ARTEFACT("artefacts/", "", 32 << 20),
    SUMMARY("summary.json", "", 64 << 20);

    static final Comparator<String> ORDER = Comparator.comparing(
                    (String name) -> of(name).map(Layout::ordinal).orElse(Integer.MAX_VALUE))
            .thenComparing(Comparator.naturalOrder());

    private static final int INDEX_DIGITS = 10;
    static final long INDEX_MAX = 9_999_999_999L;

    private final String prefix;
    private final String suffix;
    private final int bytesMax;

    Layout(String prefix, String suffix, int bytesMax) {
        this.prefix = prefix;
        this.suffix = suffix;
        this.bytesMax = bytesMax;
    }

    /** The most bytes that such a file has. */
    int bytesMax() {
        return bytesMax;
    }

    /** What kind of file a name is; empty for a name that no bundle has. */
    static Optional<Layout> of(String name) {
        for (Layout layout : values()) {
            if (layout.has(name)) {
                return Optional.of(layout);
            }
        }
        return Optional.empty();
    }

    private boolean has(String name) {
        if (!prefix.endsWith("/")) {
            return name.equals(prefix);
        }
        if (!name.startsWith(prefix) || !name.endsWith(suffix) || name.length() < prefix.length() + suffix.length()) {
            return false;
        }
        String key = key(name);
        return this == ARTEFACT ? Hash.isHex(key) : isIndex(key);
    }

    private String key(String name) {
        return name.substring(prefix.length(), name.length() - suffix.length());
    }

    private static boolean isIndex(String key) {
        return key.length() == INDEX_DIGITS && key.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The one name of a file without a key. */
    String file() {
        return prefix;
    }

    String name(long index) {
        return prefix + String.format("%010d", index) + suffix;
    }

    String name(Hash digest) {
        return prefix + digest.hex() + suffix;
    }

    /** The leaf index in a name that {@link #of} gave this kind. */
    long index(String name) {
        return Long.parseLong(key(name));
    }

    /** The digest in the name of an artefact. */
    Hash digest(String name) {
        return Hash.fromHex(key(name));
    }

    /** The kind of file that a name is; {@code entry-unknown} for none. */
    static Layout require(String name) throws FormatException {
        return of(name).orElseThrow(() -> new FormatException("entry-unknown", "a file that no bundle has"));
    }
}
