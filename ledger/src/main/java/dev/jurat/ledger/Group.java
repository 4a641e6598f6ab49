package dev.jurat.ledger;

import java.util.List;

/**
 * Records that travel together, in order, as one unit of push-back.
 *
 * @param artefacts policies, profiles and lists that the records name; kept, whatever becomes of the records, if one of them is signed with
 *     a key that the ledger knows; what no record names is not kept
 */
public record Group(List<Submission> records, List<byte[]> artefacts) {
    public Group {
        records = List.copyOf(records);
        artefacts = List.copyOf(artefacts);
    }

    public static Group of(Submission... records) {
        return new Group(List.of(records), List.of());
    }

    /** An estimate of what the group takes in memory and in the journal. */
    long bytes() {
        long bytes = 0;
        for (Submission submission : records) {
            bytes += 4096 + submission.body().map(b -> b.length).orElse(0);
        }
        return bytes;
    }
}
