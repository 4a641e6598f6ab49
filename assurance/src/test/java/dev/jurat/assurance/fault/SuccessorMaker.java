package dev.jurat.assurance.fault;

import dev.jurat.app.node.Administrator;
import dev.jurat.app.node.StartException;
import dev.jurat.app.node.Successor;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.predecessor.Citation;
import dev.jurat.proof.record.Role;
import dev.jurat.testkit.NewLog.Person;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Makes a successor of the log of a world, in a process of its own: {@code FOLDER CITATION}. */
final class SuccessorMaker {
    private SuccessorMaker() {}

    public static void main(String[] arguments) throws IOException, FormatException, StartException {
        make(Path.of(arguments[0]), Citation.read(Files.readAllBytes(Path.of(arguments[1]))));
    }

    static Successor.Made make(Path data, Citation citation) throws IOException, FormatException, StartException {
        return Successor.make(data, people("administrator", "second"), citation);
    }

    static List<Administrator> people(String... names) {
        return Stream.of(names)
                .map(name -> Person.of(name, Role.ADMINISTRATOR))
                .map(person -> new Administrator(person.registered(), person.key()))
                .toList();
    }
}
