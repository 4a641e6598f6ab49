package dev.jurat.custody.signer;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What each user who calls may take of the signer: places, and lines for its operator. Thread-safe.
 *
 * <p>Security property: users whom no rule names have one share together. A user of a machine can be many to the kernel (user namespaces give
 * each thousands of ids): a share for each would be all that there is.
 */
final class Callers {
    /** What one user has, or all together whom no rule names. */
    record Share(UserPlaces places, Refusals refusals) {
        private static Share make() {
            return new Share(new UserPlaces(), new Refusals(System.nanoTime()));
        }
    }

    private final Map<String, Share> named = new HashMap<>();
    private final Share others = Share.make();

    Callers(Collection<SignerDesk> desks) {
        desks.forEach(desk -> desk.users().forEach(user -> named.computeIfAbsent(user, u -> Share.make())));
    }

    Share of(String user) {
        return Objects.requireNonNullElse(named.get(user), others);
    }

    /** How many connections there can be. */
    int connectionsMax() {
        return UserPlaces.CONNECTIONS_MAX * (named.size() + 1);
    }
}
