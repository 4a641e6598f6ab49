package dev.jurat.app.client;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The servers of clients that run behind this home's Jurat: put there, listed, and put back.
 *
 * <p>Security property: a secret of the client's file ends in the keystore and in the note that undoing needs, both 0600 in a 0700 folder
 * of the home, and nowhere else; undoing removes both. The mistake that looks right but is not: a copy of the file beside it.
 */
public final class ClientWraps {
    private static final int NOTE_BYTES_MAX = 64 << 20;
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final JuratHome home;
    private final Path notes;

    public ClientWraps(JuratHome home) {
        this.home = home;
        this.notes = home.folder().resolve("clients");
    }

    /** Something done under the lock of this home's notes. */
    private interface Work<T> {
        T run() throws IOException, FormatException, ClientException;
    }

    /** The names of the servers in a place. */
    public static List<String> names(Place place) throws IOException, FormatException, ClientException {
        return ClientFile.open(place.file()).names(place);
    }

    /**
     * Puts a wrapper in front of a server; repeated with other wishes, exchanges it.
     *
     * @return empty where the entry stands so already
     * @throws ClientException {@code client-wrapped} if another home's wrapper is there, {@code client-changed} if it is this home's and
     *     somebody changed it, {@code client-server}, {@code client-variable}, {@code client-reference}, {@code client-owner}, {@code
     *     client-busy}
     * @throws FormatException {@code client-entry} or a code of foreign JSON
     */
    public Optional<Wrap> install(Place place, String server, Wrapping wish)
            throws IOException, FormatException, ClientException {
        return locked(() -> {
            ClientFile file = ClientFile.open(place.file());
            file.checkOwner(notes);
            ClientFile.Entry entry = file.entry(place, server)
                    .orElseThrow(() -> new ClientException(
                            "client-server", "there is no server " + server + " in " + place.told(), "check the name"));
            Optional<Wrap> known = find(place, server);
            boolean ours = known.isPresent() && known.get().state(Optional.of(entry)) == Wrap.State.WRAPPED;
            byte[] before = ours ? known.get().before() : entry.bytes();
            ServerEntry own = ServerEntry.read(ForeignJson.parse(before), before);
            own.requireStartable();
            if (own.isWrapper(wish.launcher()) && known.isPresent()) {
                throw new ClientException(
                        "client-changed",
                        server + " in " + place.told() + " runs behind this Jurat and was changed since",
                        "see what was there: jurat mcp show; put that back, then install again: jurat mcp install --undo --force");
            }
            if (own.isWrapper(wish.launcher())) {
                throw new ClientException(
                        "client-wrapped",
                        server + " runs behind a Jurat already that this home has no note of",
                        "undo it with the JURAT_HOME that installed it");
            }
            Wrap wrap = wish.wrap(place, server, own, before, entry.indent());
            byte[] after = wrap.after().getFirst();
            // Note, credentials, file: a crash between leaves a note by which undoing finds the entry as it was, and
            // cleans up.
            PrivateFiles.write(note(wrap), (known.isPresent() ? wrap.or(entry.bytes()) : wrap).note());
            keep(wrap, own, ours);
            boolean same = ours && entry.says(after);
            if (!same) {
                try {
                    file.replace(entry, after);
                } catch (ClientException | IOException e) {
                    if (known.isEmpty()) {
                        forget(wrap);
                    }
                    throw e;
                }
            }
            PrivateFiles.write(note(wrap), wrap.note());
            if (known.isPresent()) {
                List<String> old = new ArrayList<>(known.get().credentials().values());
                old.removeAll(wrap.credentials().values());
                drop(old);
            }
            return same ? Optional.empty() : Optional.of(wrap);
        });
    }

    /** Takes the values into the keystore; {@code again} leaves what is there, which somebody may have renewed. */
    private void keep(Wrap wrap, ServerEntry own, boolean again) throws IOException {
        PrivateFiles.folder(home.credentials());
        for (Map.Entry<String, String> kept : wrap.credentials().entrySet()) {
            Path file = home.credentials().resolve(kept.getValue());
            if (!kept.getValue().isEmpty() && !(again && Files.exists(file))) {
                // The reader takes one line end off.
                String value = own.environment().get(kept.getKey()) + "\n";
                PrivateFiles.write(file, value.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /**
     * Puts the server's own entry back and forgets its credentials. What was there is read under the lock: of two at once, one does it.
     *
     * @param force put it back although somebody changed it since; where it is gone or the file cannot be read, only forget
     * @return how the entry was found
     * @throws ClientException {@code client-not-wrapped}, {@code client-changed}, {@code client-gone}, and as in {@link #install}
     */
    public Wrap.State undo(Place place, String server, boolean force)
            throws IOException, FormatException, ClientException {
        return locked(() -> {
            Wrap wrap = find(place, server)
                    .orElseThrow(() -> new ClientException(
                            "client-not-wrapped",
                            server + " in " + place.told() + " was put back meanwhile",
                            "jurat mcp list"));
            Optional<ClientFile> file;
            try {
                file = file(wrap.place());
            } catch (IOException | FormatException | ClientException e) {
                if (!force) {
                    throw e;
                }
                forget(wrap);
                return Wrap.State.UNREADABLE;
            }
            Optional<ClientFile.Entry> entry = file.flatMap(f -> f.entry(wrap.place(), wrap.server()));
            Wrap.State state = wrap.state(entry);
            String where = wrap.server() + " in " + wrap.place().told();
            if (state == Wrap.State.GONE && !force) {
                throw new ClientException(
                        "client-gone",
                        where + " is no longer there",
                        "drop what Jurat keeps of it, secrets included: add --force");
            }
            if (state == Wrap.State.CHANGED && !force) {
                throw new ClientException(
                        "client-changed",
                        where + " was changed since",
                        "see what was there: jurat mcp show; put that back all the same: add --force");
            }
            if (file.isPresent() && entry.isPresent() && state != Wrap.State.BEFORE) {
                file.get().checkOwner(notes);
                file.get().replace(entry.get(), wrap.before());
            }
            forget(wrap);
            return state;
        });
    }

    /** All that this home has a note of, by place and name. */
    public List<Wrap> list() throws IOException, FormatException {
        List<Wrap> out = new ArrayList<>();
        if (Files.isDirectory(notes)) {
            try (Stream<Path> files = Files.list(notes)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".json")).toList()) {
                    out.add(read(file));
                }
            }
        }
        out.sort(Comparator.comparing((Wrap w) -> w.place().file())
                .thenComparing(w -> w.place().folder().orElse(""))
                .thenComparing(Wrap::server));
        return out;
    }

    /** How the entry looks now. */
    public Wrap.State state(Wrap wrap) {
        try {
            return wrap.state(file(wrap.place()).flatMap(f -> f.entry(wrap.place(), wrap.server())));
        } catch (IOException | FormatException | ClientException e) {
            return Wrap.State.UNREADABLE;
        }
    }

    private static Optional<ClientFile> file(Place place) throws IOException, FormatException, ClientException {
        try {
            return Optional.of(ClientFile.open(place.file()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Optional<Wrap> find(Place place, String server) throws IOException, FormatException {
        Path file = notes.resolve(Wrap.id(place, server) + ".json");
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    private static Wrap read(Path file) throws IOException, FormatException {
        try {
            return Wrap.read(PrivateFiles.read(file, NOTE_BYTES_MAX));
        } catch (FormatException e) {
            throw new FormatException(e.code(), file + ": " + e.getMessage());
        }
    }

    private Path note(Wrap wrap) {
        return notes.resolve(Wrap.id(wrap.place(), wrap.server()) + ".json");
    }

    private void forget(Wrap wrap) throws IOException {
        drop(List.copyOf(wrap.credentials().values()));
        Files.deleteIfExists(note(wrap));
    }

    private void drop(List<String> credentials) throws IOException {
        for (String name : credentials) {
            if (name.startsWith(Wrapping.PREFIX)) {
                Files.deleteIfExists(home.credentials().resolve(name));
            }
        }
    }

    private <T> T locked(Work<T> work) throws IOException, FormatException, ClientException {
        PrivateFiles.folder(notes);
        // A file's lock is the process's: threads of one need another.
        THREADS.lock();
        try (FileChannel channel =
                        FileChannel.open(notes.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            Objects.requireNonNull(lock);
            return work.run();
        } finally {
            THREADS.unlock();
        }
    }
}
