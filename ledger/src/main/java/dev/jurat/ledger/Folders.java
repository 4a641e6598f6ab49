package dev.jurat.ledger;

import dev.jurat.ledger.storage.Storage;
import java.io.IOException;

/** Whole folders of a storage: what is made under another name and becomes it in one step. */
final class Folders {
    private Folders() {}

    /** Deletes a file, or a folder with all that is in it. Does nothing if there is none. */
    static void delete(Storage storage, String path) throws IOException {
        for (String name : storage.list(path)) {
            delete(storage, path + "/" + name);
        }
        storage.delete(path);
    }

    /** Gives a folder the name of another, which is empty or not there, durably. */
    static void rename(Storage storage, String from, String to) throws IOException {
        storage.delete(to);
        // A crash before this leaves a folder of the one name or the other, with all that was durable in it.
        storage.rename(from, to);
        storage.syncFolder("");
    }
}
