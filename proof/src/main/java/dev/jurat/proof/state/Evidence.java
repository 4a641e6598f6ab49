package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;

/**
 * Leaves of a log, and standings in one of its states: what a finding is read from. Whoever makes a proof notes what was asked for, and
 * whoever checks one has that and no more, so that both read the same.
 */
interface Evidence {
    /** {@code state-proof-missing} where it is not there. */
    Leaf at(long leaf) throws FormatException;

    Leaf record(RecordId id) throws FormatException;

    Leaf opener(Stream stream) throws FormatException;

    Leaf registration(String principal) throws FormatException;

    Leaf origin(String key) throws FormatException;

    /** The standing of a leaf in the state; {@code state-not-covered} of one that came later. */
    Standing standing(Leaf leaf) throws FormatException;
}
