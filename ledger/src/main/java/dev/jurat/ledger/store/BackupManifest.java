package dev.jurat.ledger.store;

import dev.jurat.ledger.storage.Storage;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.storage.WriteOnce;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.util.Optional;

/**
 * What a backup is of: written last, so that a backup counts as far as its manifest says ({@code docs/operate/erasure-and-backup.md}).
 *
 * @param sealed records in entry tiles; those from there to the size are in the tail
 * @param signature the log's, 64 bytes, over the checkpoint of size and root
 */
record BackupManifest(Hash genesis, long sealed, long size, Hash root, byte[] signature) {
    static final String PATH = "backup.json";
    private static final String FORMAT = "jurat-backup 1";

    /** The manifest of a folder; empty if it has none. */
    static Optional<BackupManifest> read(Storage storage) throws IOException, StorageException {
        Optional<byte[]> bytes = storage.read(PATH);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            Fields in = Fields.of(CanonicalJson.readObject(bytes.get()), "backup");
            if (!in.string("format").equals(FORMAT)) {
                throw new FormatException("backup-damaged", "another format than " + FORMAT);
            }
            BackupManifest manifest = new BackupManifest(
                    hash(in.string("genesis")),
                    in.integer("sealed", 0, Json.INTEGER_MAX),
                    in.integer("size", 1, Json.INTEGER_MAX),
                    hash(in.string("root")),
                    Base64Text.decode(in.string("signature")));
            in.end();
            if (manifest.sealed % BodyPacks.BODIES != 0
                    || manifest.sealed > manifest.size
                    || manifest.signature.length != 64) {
                throw new FormatException("backup-damaged", "its numbers do not agree");
            }
            return Optional.of(manifest);
        } catch (FormatException e) {
            throw new StorageException("backup-damaged", PATH + " cannot be read: " + e.getMessage());
        }
    }

    private static Hash hash(String hex) throws FormatException {
        if (!Hash.isHex(hex)) {
            throw new FormatException("backup-damaged", "no digest: " + hex);
        }
        return Hash.fromHex(hex);
    }

    void write(Storage storage) throws IOException {
        WriteOnce batch = new WriteOnce(storage);
        batch.put(
                PATH,
                CanonicalJson.write(JsonBuilder.object()
                        .put("format", FORMAT)
                        .put("genesis", genesis.hex())
                        .put("root", root.hex())
                        .put("sealed", sealed)
                        .put("signature", Base64Text.encode(signature))
                        .put("size", size)
                        .build()));
        // A crash before this leaves the manifest of the backup before, whose files are all there still.
        batch.finish();
    }

    /** Where the records lie that are not in entry tiles. */
    String tail() {
        return "tail/" + size;
    }

    /** Where their bodies lie, encrypted. */
    String tailBodies() {
        return "tail/" + size + "-bodies";
    }
}
