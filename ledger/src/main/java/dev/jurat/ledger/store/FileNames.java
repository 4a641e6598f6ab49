package dev.jurat.ledger.store;

/** Where the nth pack and slot file lie: groups of three digits, all but the last behind an {@code x}, as C2SP tlog-tiles names tiles. */
final class FileNames {
    static final String BODIES = "body";
    static final String SLOTS = "slots/body";

    private FileNames() {}

    static String body(long pack) {
        return BODIES + "/" + digits(pack);
    }

    static String slots(long pack) {
        return SLOTS + "/" + digits(pack);
    }

    static String digits(long number) {
        String last = "%03d".formatted(number % 1000);
        String out = last;
        for (long rest = number / 1000; rest > 0; rest /= 1000) {
            out = "x%03d/".formatted(rest % 1000) + out;
        }
        return out;
    }
}
