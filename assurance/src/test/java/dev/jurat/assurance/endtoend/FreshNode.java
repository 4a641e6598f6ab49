package dev.jurat.assurance.endtoend;

import dev.jurat.assurance.harness.RawHttp;
import dev.jurat.assurance.harness.Site;
import dev.jurat.ledger.LedgerConfig;
import dev.jurat.ledger.storage.DiskStorage;
import dev.jurat.ledger.store.Artefacts;
import dev.jurat.ledger.store.Entry;
import dev.jurat.ledger.store.LogStore;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A data folder made of what anybody can read of a log, its entries and artefacts, and of the log's own keys: no body, no index, no head. */
final class FreshNode {
    private FreshNode() {}

    /** Fetches the artefacts from the node, writes the folder, and answers it. */
    static Path folder(Site site, List<byte[]> leaves, Collection<Hash> artefacts) throws IOException {
        Path data = folder(site.folder().resolve("fresh"));
        copyKeys(site.data().resolve("keys"), folder(data.resolve("keys")));
        Path log = folder(data.resolve("log"));
        DiskStorage storage = new DiskStorage(log);
        Artefacts kept = new Artefacts(storage);
        for (Hash digest : artefacts) {
            kept.put(fetch(site, digest));
        }
        List<Entry> entries =
                leaves.stream().map(leaf -> new Entry(leaf, Optional.empty())).toList();
        try (LogStore store = LogStore.create(storage, RandomSource.secure(), LedgerConfig.STANDARD.segmentBytes())) {
            store.append(entries);
        }
        Files.writeString(log.resolve("format"), "jurat-ledger 1\n");
        return data;
    }

    private static byte[] fetch(Site site, Hash digest) throws IOException {
        RawHttp.Reply reply = RawHttp.get(site.socket(), "/v1/artefacts/" + digest.hex());
        if (reply.status() != 200 || !Hash.of(reply.body()).equals(digest)) {
            throw new IOException("the artefact " + digest.hex() + " is not served: " + reply.head());
        }
        return reply.body();
    }

    private static Path folder(Path folder) throws IOException {
        return Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static void copyKeys(Path from, Path to) throws IOException {
        try (Stream<Path> keys = Files.list(from)) {
            for (Path key : keys.toList()) {
                Files.copy(key, to.resolve(key.getFileName()), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
