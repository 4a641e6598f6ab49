package dev.jurat.app.cli;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/**
 * A key on its way into the place of another: beside the file that it will replace, until the ledger has its record.
 *
 * <p>A crash before the record leaves a key that nobody knows, which the next try takes away; one after it, a key that the next try finds on the
 * ledger and puts in its place. Either way the principal is never without the key that the ledger has of it.
 */
final class NextKeyFile {
    private final Path file;
    private final Path next;

    NextKeyFile(Path file) {
        this.file = file;
        this.next = file.resolveSibling(file.getFileName() + ".next");
    }

    void hold(KeyFile key) throws IOException {
        key.write(next);
    }

    void hold(SealedKey key) throws IOException {
        PrivateFiles.folder(folder());
        PrivateFiles.write(next, key.bytes());
    }

    /** Ends what an earlier try began; whether its key had come to the ledger and is in its place now. */
    boolean settleEarlier(JuratClient node, boolean person) throws IOException, NodeException, FormatException {
        if (!Files.exists(next)) {
            return false;
        }
        if (node.stream(stream(person)).isPresent()) {
            settle();
            return true;
        }
        Files.delete(next);
        return false;
    }

    private Stream stream(boolean person) throws IOException, FormatException {
        if (!person) {
            KeyFile key = KeyFile.read(next);
            return new Stream(key.principal(), Stream.sessionId(key.key().verifyKey()));
        }
        SealedKey key = SealedKey.read(PrivateFiles.read(next, SealedKey.FILE_BYTES_MAX));
        return new Stream(key.principal(), Stream.sessionId(VerifyKey.parse(key.publicKey())));
    }

    /** Sends the record of the key that is held, and puts it in its place; where the ledger refuses it, it is gone. */
    Receipt.Result send(JuratClient node, Entry entry, String help) throws IOException, NodeException {
        Receipt.Result result;
        try {
            result = Submission.one(node, entry, help);
        } catch (Failure e) {
            Files.deleteIfExists(next);
            throw e;
        } catch (NodeException e) {
            if (e.status() >= 400 && e.status() < 500) {
                Files.deleteIfExists(next);
            }
            throw e;
        }
        settle();
        return result;
    }

    private void settle() throws IOException {
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        PrivateFiles.syncNames(folder());
    }

    private Path folder() {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a key file lies in a folder");
    }
}
