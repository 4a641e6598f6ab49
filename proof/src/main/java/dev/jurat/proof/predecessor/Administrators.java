package dev.jurat.proof.predecessor;

import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.Role;
import java.util.List;

/** The administrators of a log who may act at a moment: not suspended, and each with a newest key that nobody has reported. */
public final class Administrators {
    private Administrators() {}

    /** Those in good standing, sorted by principal, each with the newest key. */
    public static List<Registered> standing(Lifecycle log) {
        return everyone(log).stream().filter(p -> inGoodStanding(log, p)).toList();
    }

    /** All of them, however they stand. */
    public static List<Registered> everyone(Lifecycle log) {
        return log.principals().stream()
                .filter(p -> p.roles().contains(Role.ADMINISTRATOR))
                .toList();
    }

    private static boolean inGoodStanding(Lifecycle log, Registered person) {
        Lifecycle.KeyStanding newest = log.keys(person.principal()).getLast();
        return !log.suspended(person.principal())
                && newest.usable()
                && newest.key().equals(person.key());
    }
}
