package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.OldLog;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.sdk.Identity;
import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The agents whose keys are in a home, by name, as an old log had them.
 *
 * @param sound those in good standing with the key that is here: they can be enrolled with it in the new log
 * @param others those that the old log had suspended or not confirmed, or whose key it has as reported or followed by another
 */
record CarriedAgents(List<String> sound, List<String> others) {
    static CarriedAgents of(JuratHome home, OldLog old) throws IOException, FormatException {
        List<String> sound = new ArrayList<>();
        List<String> others = new ArrayList<>();
        Path folder = home.folder().resolve("agents");
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
                for (Path file : files) {
                    String name = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
                    known(file, old).ifPresent(there -> (there ? sound : others).add(name));
                }
            }
        }
        return new CarriedAgents(
                sound.stream().sorted().toList(), others.stream().sorted().toList());
    }

    /** Whether the old log had it in good standing; empty where it did not know it. */
    private static Optional<Boolean> known(Path file, OldLog old) throws IOException, FormatException {
        try (Identity identity = Identity.read(file)) {
            Optional<Registered> found = old.principals().stream()
                    .filter(p -> p.principal().equals(identity.principal()))
                    .findFirst();
            return found.map(p -> old.inGoodStanding(p)
                    && p.key().equals(identity.key().verifyKey().text()));
        }
    }
}
