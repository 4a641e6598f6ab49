package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What two people sign, one after the other, at one terminal: neither can do it alone. */
final class TwoPeople {
    private TwoPeople() {}

    static List<Person> unlock(NodeCommand command, JuratClient node, Optional<String> as, String with)
            throws IOException, NodeException, FormatException {
        if (as.filter(with::equals).isPresent()) {
            throw Failure.input("four-eyes", "two different people sign this", "name another one with --with");
        }
        Person first = Person.unlock(command, node, as);
        Person second = Person.unlock(command, node, Optional.of(with));
        if (first.principal().equals(second.principal())) {
            throw Failure.input("four-eyes", "two different people sign this", "name another one with --with");
        }
        return List.of(first, second);
    }
}
