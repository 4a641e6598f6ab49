package dev.jurat.app.cli;

import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.sdk.HttpLog;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A log where somebody named it: an address that serves one, or a data folder, whose node is asked while it runs. */
final class NamedLog {
    private static final Duration NODE = Duration.ofSeconds(5);

    private final Screen screen;
    private final boolean witnessed;

    /** What is done with the log that was found. */
    @FunctionalInterface
    interface Reader {
        /** Reads it; {@code where} is the place that it was found in. */
        Exit read(LogSource source, String where) throws IOException, FormatException;
    }

    /**
     * For a reader under this trust policy.
     *
     * @param screen is told where it was not the node that answered
     */
    NamedLog(Screen screen, Optional<TrustPolicy> trust) {
        this.screen = screen;
        // Then the newest checkpoint that witnesses cosigned is the one to look at: what came after, only the log has
        // signed.
        this.witnessed = trust.flatMap(TrustPolicy::witnesses).isPresent();
    }

    /** Reads the log that was typed: an address, or a folder. */
    Exit read(String typed, Reader reader) throws IOException, FormatException {
        if (isAddress(typed)) {
            return served(HttpLog.address(typed), reader);
        }
        Path folder = folder(typed);
        try {
            FolderLog found = FolderLog.open(folder.resolve("log"));
            return reader.read(preferred(found), folder.toString());
        } catch (StorageException e) {
            Optional<URI> address = address(folder);
            return address.isPresent() ? served(address.get(), reader) : besideNode(folder, reader);
        }
    }

    /** Reads it where it is served, as long as the reader likes: by the socket, since a node that is started again may serve another port. */
    Exit follow(String typed, Reader reader) throws IOException, FormatException {
        if (isAddress(typed)) {
            return served(HttpLog.address(typed), reader);
        }
        Path folder = folder(typed);
        try (HttpLog served = HttpLog.at(folder.resolve("node.sock"), witnessed)) {
            return reader.read(served, folder.toString());
        } catch (IOException e) {
            throw Failure.input(
                    "log-unreadable",
                    "a log is followed where it is served, and no node serves this folder: " + Input.why(e),
                    "jurat up --background");
        }
    }

    static boolean isAddress(String typed) {
        return typed.matches("(?i)https?:.*");
    }

    private static Path folder(String typed) {
        Path folder = Path.of(typed).toAbsolutePath().normalize();
        if (typed.isEmpty() || !Files.isDirectory(folder.resolve("log"))) {
            throw Failure.input(
                    "not-a-ledger", "there is no log in " + folder, "name a data folder, or the address of a log");
        }
        return folder;
    }

    /** A node that does not answer may have stopped for good, or hide something: its folder says what was written so far. */
    private Exit besideNode(Path folder, Reader reader) throws IOException, FormatException {
        if (!screen.json()) {
            screen.line("The node of " + folder + " does not answer; this is what it has written so far.");
        }
        return reader.read(preferred(FolderLog.openBesideNode(folder.resolve("log"))), folder.toString());
    }

    private FolderLog preferred(FolderLog found) {
        return witnessed ? found.preferWitnessed() : found;
    }

    /** Where the node of this folder serves its log. */
    private static Optional<URI> address(Path folder) throws FormatException {
        try (JuratClient node = new JuratClient(folder.resolve("node.sock"), NODE)) {
            return Optional.of(HttpLog.address(View.text(node.status(), "tiles")));
        } catch (NodeException e) {
            return Optional.empty();
        }
    }

    private Exit served(URI address, Reader reader) throws IOException, FormatException {
        try (HttpLog served = new HttpLog(address, witnessed)) {
            return reader.read(served, address.toString());
        } catch (IOException e) {
            throw Failure.input(
                    "log-unreadable",
                    Input.why(e),
                    "check the address (jurat status names that of this node), then again");
        }
    }
}
