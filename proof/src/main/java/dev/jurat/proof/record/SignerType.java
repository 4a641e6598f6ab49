package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import java.util.Locale;

/** What stands behind a signature: an agent, a person, or a service of the system. */
public enum SignerType {
    AGENT,
    HUMAN,
    SERVICE;

    private final String wire = name().toLowerCase(Locale.ROOT);

    public String wire() {
        return wire;
    }

    public static SignerType parse(String wire) throws FormatException {
        return Wire.parse(SignerType.class, wire, SignerType::wire, "signer");
    }
}
