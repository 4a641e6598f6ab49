package dev.jurat.ledger.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The files of one folder of a storage, as a storage by themselves. Not to be locked: a lock belongs to the whole. */
public final class Within implements Storage {
    private final Storage all;
    private final String folder;

    /** The folder must exist before anything is written. */
    public Within(Storage all, String folder) {
        this.all = all;
        this.folder = folder;
    }

    private String path(String path) {
        return path.isEmpty() ? folder : folder + "/" + path;
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return all.read(path(path));
    }

    @Override
    public boolean exists(String path) throws IOException {
        return all.exists(path(path));
    }

    @Override
    public List<String> list(String path) throws IOException {
        return all.list(path(path));
    }

    @Override
    public void makeFolder(String path) throws IOException {
        all.makeFolder(path(path));
    }

    @Override
    public DurableFile create(String path) throws IOException {
        return all.create(path(path));
    }

    @Override
    public DurableFile open(String path) throws IOException {
        return all.open(path(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        all.rename(path(from), path(to));
    }

    @Override
    public void delete(String path) throws IOException {
        all.delete(path(path));
    }

    @Override
    public void syncFolder(String path) throws IOException {
        all.syncFolder(path(path));
    }

    @Override
    public long usableBytes() throws IOException {
        return all.usableBytes();
    }

    @Override
    public Closeable lock() {
        throw new UnsupportedOperationException("a lock belongs to the whole storage");
    }
}
