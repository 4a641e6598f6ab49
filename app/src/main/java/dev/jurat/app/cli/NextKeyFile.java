package dev.jurat.app.cli;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.proof.FormatException;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.Identity;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import dev.jurat.sdk.SignerFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/**
 * A key on its way into the place of another: beside the file that it will replace, until the ledger has its record. One command at a time.
 *
 * <p>A crash before the record leaves a key that the next try goes on with; one after it, a key that the next try finds on the ledger and puts in its
 * place. Only what the ledger refused is taken away, so that the principal is never without the key that the ledger has of it.
 */
final class NextKeyFile implements AutoCloseable {
    private static final String LOCK = ".keys.lock";

    private final Path file;
    private final Path next;
    private final FileChannel lock;

    private NextKeyFile(Path file, FileChannel lock) {
        this.file = file;
        this.next = file.resolveSibling(file.getFileName() + ".next");
        this.lock = lock;
    }

    /** Keeps other commands from this folder's keys until it is closed. */
    static NextKeyFile of(Path file) throws IOException {
        Path folder = folder(file);
        PrivateFiles.folder(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw Failure.input("key-busy", "another command changes a key of this folder", Next.SAME);
        }
        return new NextKeyFile(file, channel);
    }

    /** Where the key waits. */
    Path path() {
        return next;
    }

    /** The key that an earlier try left. */
    Optional<Identity> heldIdentity() throws IOException, FormatException {
        return Files.exists(next) ? Optional.of(Identity.read(next)) : Optional.empty();
    }

    /** The same of a person. */
    Optional<SealedKey> heldSealed() throws IOException, FormatException {
        return Files.exists(next)
                ? Optional.of(SealedKey.read(PrivateFiles.read(next, SealedKey.FILE_BYTES_MAX)))
                : Optional.empty();
    }

    /** Keeps an agent's key; one with a signer takes the place of another such, of which nothing is lost with its file. */
    void hold(Identity key) throws IOException {
        if (key instanceof SignerFile) {
            Files.deleteIfExists(next);
        }
        if (Files.exists(next)) {
            return;
        }
        switch (key) {
            case KeyFile inFile -> inFile.write(next);
            case SignerFile withSigner -> withSigner.write(next);
            default -> throw new IllegalStateException("an identity is in a file, or with a signer");
        }
        PrivateFiles.syncNames(folder(file));
    }

    void hold(SealedKey key) throws IOException {
        PrivateFiles.write(next, key.bytes());
    }

    /** Sends the record of the key that is held, and puts it in its place; where the ledger refuses it, it is gone. */
    Receipt.Result send(JuratClient node, Entry entry, String help) throws IOException, NodeException {
        Receipt.Result result;
        try {
            result = Submission.one(node, entry, help);
        } catch (Failure refused) {
            Files.deleteIfExists(next);
            throw refused;
        }
        settle();
        return result;
    }

    /** Puts the key in its place. */
    void settle() throws IOException {
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        PrivateFiles.syncNames(folder(file));
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a key file lies in a folder");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
