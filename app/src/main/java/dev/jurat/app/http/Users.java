package dev.jurat.app.http;

import java.util.Set;

/** Which users of the machine come in at a Unix socket. Asked with every request. */
public interface Users {
    boolean areLetIn(String user);

    /** What the others are told: {@code peer-not-allowed}. */
    ApiException turnedAway();

    /** These, by name. */
    static Users only(Set<String> names) {
        Set<String> allowed = Set.copyOf(names);
        return new Users() {
            @Override
            public boolean areLetIn(String user) {
                return allowed.contains(user);
            }

            @Override
            public ApiException turnedAway() {
                return new ApiException(
                        403,
                        "peer-not-allowed",
                        "this socket serves the node's own user only",
                        Owner.OPERATOR,
                        "run the command as the node's user: jurat status");
            }
        };
    }
}
