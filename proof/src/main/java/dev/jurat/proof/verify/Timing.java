package dev.jurat.proof.verify;

import java.util.Locale;

/** When an outcome came, measured by the deadline of its use. */
public enum Timing {
    /** No later than the deadline, by clock leaves that are there. */
    IN_TIME,
    /** After the deadline, or after the use stood as incomplete or unknown, by records that are there. */
    LATE,
    /** Nobody can tell from what is there: a clock leaf that matters may have been left out. */
    ASSERTED;

    /** The word in reports. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
