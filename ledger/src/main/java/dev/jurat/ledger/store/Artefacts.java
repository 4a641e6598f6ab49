package dev.jurat.ledger.store;

import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.proof.crypto.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Policies, profiles, schemas and tool lists by the SHA-256 of their bytes: unencrypted, never erased. An artefact that nothing names is
 * harmless. Thread-safe.
 */
public final class Artefacts {
    private static final String FOLDER = "artefact";

    private final Storage storage;

    public Artefacts(Storage storage) {
        this.storage = storage;
    }

    /** Keeps these bytes, durably once it returns. */
    public synchronized Hash put(byte[] content) throws IOException {
        Hash digest = Hash.of(content);
        WriteOnce batch = new WriteOnce(storage);
        if (read(digest).isEmpty()) {
            batch.put(path(digest), content);
        } else {
            batch.confirm(path(digest));
        }
        // A crash before this leaves the artefact or not; whoever brought it has no answer yet and brings it again.
        batch.finish();
        return digest;
    }

    /** The bytes with this digest; empty if there are none, or damaged ones. */
    public Optional<byte[]> read(Hash digest) throws IOException {
        return storage.read(path(digest)).filter(content -> Hash.of(content).equals(digest));
    }

    /** The digests of all artefacts, in ascending order. */
    public List<Hash> digests() throws IOException {
        List<Hash> found = new ArrayList<>();
        for (String folder : storage.list(FOLDER)) {
            for (String name : storage.list(FOLDER + "/" + folder)) {
                if (Hash.isHex(name)) {
                    found.add(Hash.fromHex(name));
                }
            }
        }
        return found;
    }

    private static String path(Hash digest) {
        String hex = digest.hex();
        return FOLDER + "/" + hex.substring(0, 2) + "/" + hex;
    }
}
