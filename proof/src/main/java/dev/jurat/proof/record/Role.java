package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import java.util.Locale;

/** What a principal may write, or may read at a node's door; given by genesis or by a {@code key} record. */
public enum Role {
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    READER,
    AGENT,
    GOVERNOR,
    BROKER,
    POINT,
    LEDGER;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Role parse(String wire) throws FormatException {
        return Wire.parse(Role.class, wire, Role::wire, "role");
    }
}
