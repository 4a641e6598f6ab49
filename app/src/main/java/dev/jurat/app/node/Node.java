package dev.jurat.app.node;

import dev.jurat.app.http.Door;
import dev.jurat.app.http.DoorLimits;
import dev.jurat.app.http.Faults;
import dev.jurat.app.http.Router;
import dev.jurat.app.http.Users;
import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.governance.Governor;
import dev.jurat.governance.GrantIndex;
import dev.jurat.governance.Lanes;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.governance.PolicyShelf;
import dev.jurat.governance.ProfileShelf;
import dev.jurat.governance.Publisher;
import dev.jurat.governance.PushedBackException;
import dev.jurat.governance.UnavailableException;
import dev.jurat.governance.policy.cedar.CedarEngine;
import dev.jurat.identity.Broker;
import dev.jurat.ledger.FolderState;
import dev.jurat.ledger.GenesisPlan;
import dev.jurat.ledger.Halt;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.ledger.witness.WitnessStatus;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.Eid;
import dev.jurat.proof.crypto.Base32;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.record.LedgerFacts.Registered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One running node over one data folder. Closing it refuses new requests, finishes those in flight, and leaves the folder as a clean start
 * finds it; nothing is lost if the process is killed instead.
 */
public final class Node implements AutoCloseable {
    /** What a node says that was started without its head. */
    public static final String UNGUARDED =
            "no guard at this start: log/head, which holds the newest size that was signed, was not there, so records may have been lost"
                    + " before it and nothing here can tell; compare the size with the last checkpoint or bundle you know";

    /** What a node says that was started with half of its head. */
    public static final String HALF_GUARDED =
            "half a guard at this start: one of the two marks in log/head could not be read, and was written anew. A crash of the machine can do"
                    + " that; without one it is damage, and the newest commit may have been lost before it: compare the size with the last"
                    + " checkpoint or bundle you know, and look at the disk";

    /** What may be in a data folder before there is a node. */
    private static final Set<String> BEFORE =
            Set.of("first-start.lock", "keys", "log", "lost+found", "native", "node.out", "node.sock", "share");

    /** What a file begins with by which a start finds out whose the folder is; another start may have one there. */
    private static final String PROBE = ".owner";

    /** Made late: it loads a native library, for which the folder is chosen before. */
    private static final class Ports {
        private static final LedgerPorts STANDARD = LedgerPorts.standard();
    }

    /** What helps where a native library cannot be loaded. */
    public static final String UNPACK =
            "unpack it in a folder where programs may run (no noexec): JURAT_JAVA_OPTIONS=-Djava.io.tmpdir=DIR ";

    private final NodeConfig config;
    private final Ledger ledger;
    private final List<Door> doors;
    private final List<Lanes> services;
    private final List<String> routes;
    private final NodeWitnesses witnesses;
    private final Optional<Path> shared;
    private boolean closed;

    private Node(
            NodeConfig config,
            Ledger ledger,
            List<Door> doors,
            List<Lanes> services,
            List<String> routes,
            NodeWitnesses witnesses,
            Optional<Path> shared) {
        this.shared = shared;
        this.witnesses = witnesses;
        this.routes = routes;
        this.config = config;
        this.ledger = ledger;
        this.doors = List.copyOf(doors);
        this.services = List.copyOf(services);
    }

    /**
     * Starts a node. The first start makes keys and genesis: without an administrator the node is unclaimed.
     *
     * @param administrator whom genesis names; ignored at a later start
     * @throws StartException with the code of the ledger, or {@code socket-path-long}, {@code data-folder}, {@code data-folder-owner},
     *     {@code start}, {@code keys-missing}, {@code keys-differ}, {@code log-missing}: a folder that has lost its keys or its log is left as
     *     it is; so is one that holds something else ({@code data-folder-foreign}); {@code native-library}
     */
    public static Node start(NodeConfig config, Optional<Administrator> administrator, Faults faults)
            throws StartException {
        if (!config.socketPathFits()) {
            throw new StartException(
                    "socket-path-long",
                    config.socket() + " is too long for a Unix socket",
                    "choose a folder with a shorter path");
        }
        FolderState state = state(config);
        try {
            PrivateFiles.folder(config.data());
            requireOwn(config.data());
            NativeLibraries.unpackIn(NativeLibraries.of(config));
            if (state == FolderState.LEDGER) {
                return start(config, state, administrator, faults);
            }
            try (FirstStart first = FirstStart.take(config.data())) {
                Objects.requireNonNull(first);
                // Another start may have made the node in the meantime; then this one opens it, and meets its lock.
                return start(config, state(config), administrator, faults);
            }
        } catch (LedgerException e) {
            throw new StartException(e.code(), String.valueOf(e.getMessage()), e.next(), e);
        } catch (FormatException e) {
            throw StartException.of(e, config);
        } catch (IOException e) {
            throw new StartException(
                    "data-folder",
                    "cannot use " + config.data() + ": " + e.getMessage(),
                    "check the folder's owner and room",
                    e);
        }
    }

    private static Node start(
            NodeConfig config, FolderState state, Optional<Administrator> administrator, Faults faults)
            throws StartException, IOException, FormatException, LedgerException {
        Optional<Path> shared = SharedFolder.chosen(config);
        NodeKeys keys = keys(config, state);
        Ledger ledger = ledger(config, state, keys, administrator);
        NodeWitnesses witnesses;
        try {
            witnesses = NodeWitnesses.open(config, ledger);
        } catch (StartException | IOException | LedgerException | RuntimeException e) {
            ledger.close();
            throw e;
        }
        try {
            return wire(config, keys, ledger, faults, witnesses, shared, state == FolderState.LEDGER);
        } catch (StartException | IOException | LedgerException | RuntimeException e) {
            witnesses.close();
            throw e;
        }
    }

    /** Whether the next start makes keys and genesis; touches nothing, and throws as {@link #start} would. */
    public static boolean makesGenesis(NodeConfig config) throws StartException {
        return state(config) != FolderState.LEDGER;
    }

    private static FolderState state(NodeConfig config) throws StartException {
        try {
            FolderState state = Ledger.state(config.log());
            if (state == FolderState.EMPTY && NodeKeys.any(config.keys())) {
                throw new StartException(
                        "log-missing",
                        "the data folder has keys but no log: " + config.log()
                                + " is gone or empty; nothing was touched",
                        "put the log back, from its disk or a backup; to make a new node, name another folder with --data");
            }
            if (state == FolderState.EMPTY) {
                requireOurs(config.data());
            }
            return state;
        } catch (LedgerException e) {
            throw new StartException(e.code(), String.valueOf(e.getMessage()), e.next(), e);
        }
    }

    /** Refuses a folder of another user, which this one may write to as root: the write door would serve that user alone. */
    private static void requireOwn(Path data) throws StartException, IOException {
        Path probe = Files.createTempFile(data, PROBE, "");
        try {
            UserPrincipal here = Files.getOwner(probe);
            UserPrincipal there = Files.getOwner(data);
            if (!here.equals(there)) {
                throw new StartException(
                        "data-folder-owner",
                        data + " belongs to " + there.getName() + ", and this process to " + here.getName(),
                        "start the node as " + there.getName() + ", or give the folder away: chown -R " + here.getName()
                                + " " + data);
            }
        } finally {
            Files.delete(probe);
        }
    }

    /** Refuses a folder that somebody uses for something else: a node closes its folder to others. */
    private static void requireOurs(Path data) throws StartException {
        if (!Files.exists(data)) {
            return;
        }
        try (Stream<Path> files = Files.list(data)) {
            Optional<String> other = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !BEFORE.contains(name) && !name.startsWith(PROBE))
                    .findFirst();
            if (other.isPresent()) {
                throw new StartException(
                        "data-folder-foreign",
                        data + " holds no node but other files, such as " + other.get() + "; nothing was touched",
                        "name an empty folder, or one that is not there, with --data");
            }
        } catch (IOException | UncheckedIOException e) {
            throw new StartException(
                    "data-folder",
                    "cannot use " + data + ": " + e.getMessage(),
                    "check the folder's owner and room",
                    e);
        }
    }

    private static NodeKeys keys(NodeConfig config, FolderState state)
            throws IOException, FormatException, StartException, LedgerException {
        if (state == FolderState.LEDGER) {
            return NodeKeys.read(config.keys(), config.wantsSecondLine());
        }
        PrivateFiles.folder(config.log());
        // A crash before this leaves no log and no keys: the next start is the first. After it, the next start goes on.
        PrivateFiles.syncNames(config.data());
        Ledger.begin(config.log());
        return NodeKeys.make(config.keys(), RandomSource.secure(), config.wantsSecondLine());
    }

    private static Ledger ledger(
            NodeConfig config, FolderState state, NodeKeys keys, Optional<Administrator> administrator)
            throws LedgerException {
        if (state == FolderState.LEDGER) {
            return Ledger.openHeld(
                    config.log(),
                    config.ledger(),
                    keys.ledger(Ports.STANDARD.signatures().signing()),
                    Ports.STANDARD);
        }
        List<Registered> principals = new ArrayList<>(keys.services());
        administrator.ifPresent(a -> principals.add(a.registered()));
        GenesisPlan plan = new GenesisPlan(
                Base32.encode(RandomSource.secure().bytes(10)) + ".jurat.internal",
                principals,
                Shipped.artefacts(),
                administrator.<SigningKey>map(Administrator::key).stream().toList());
        return Ledger.create(
                config.log(),
                config.ledger(),
                keys.ledger(Ports.STANDARD.signatures().signing()),
                Ports.STANDARD,
                plan);
    }

    /** @param held whether the ledger waits to be released, which it is once the witnesses were asked */
    private static Node wire(
            NodeConfig config,
            NodeKeys keys,
            Ledger ledger,
            Faults faults,
            NodeWitnesses witnesses,
            Optional<Path> shared,
            boolean held)
            throws StartException, IOException, LedgerException {
        List<Door> doors = new ArrayList<>();
        try {
            LedgerDoor door = LedgerDoor.of(ledger, Ports.STANDARD.time());
            Optional<StartException> foreign = door.ask(state -> keys.foreign(config.keys(), state.principals()));
            if (foreign.isPresent()) {
                throw stopped(doors, ledger, foreign.get());
            }
            GrantIndex index = new GrantIndex();
            Names names = new Names(door);
            PublishedNames published = new PublishedNames();
            Configured configured = new Configured(
                    Configured.settings(config, shared, ledger.secondKey().isPresent()));
            long read = door.size();
            // Once for all three: to read a large log takes long.
            door.replay(0, record -> {
                index.add(record);
                names.add(record);
                published.add(record);
                configured.add(record);
            });
            RandomSource random = RandomSource.secure();
            Function<SoftwareKey, SigningKey> signing =
                    Ports.STANDARD.signatures().signing();
            Lanes governing =
                    new Lanes(door, keys.governor().principal(), keys.governor().key(), signing, random);
            Lanes brokering =
                    new Lanes(door, keys.broker().principal(), keys.broker().key(), signing, random);
            witnesses.await();
            if (held) {
                ledger.release();
            }
            boolean writes = ledger.halted().isEmpty();
            if (writes) {
                restoreShipped(ledger);
                new Publisher(door, governing).publish(Shipped.policies(), Shipped.profiles());
                door.replay(read, published::add);
            }
            PolicyShelf policies = new PolicyShelf(door, List.of(new CedarEngine()));
            Governor governor = new Governor(door, index, governing, policies, new ProfileShelf(door), random);
            if (writes) {
                governor.resumeAll();
            }
            String issuer = Eid.issuer(new Origin(ledger).text());
            Broker broker = new Broker(
                    door,
                    index,
                    governor,
                    brokering,
                    signing.apply(keys.broker().key()),
                    issuer,
                    random,
                    Ports.STANDARD.signatures().checker());
            TileApi tiles = new TileApi(ledger);
            doors.add(Door.loopback(config.tilePort(), tiles.router(), config.limits(), faults));
            Access access = new Access(door);
            NodeApi api = new NodeApi(
                    ledger,
                    door,
                    index,
                    governor,
                    broker,
                    names,
                    published,
                    new StatusView(
                            config,
                            ledger,
                            door,
                            names,
                            doors.getFirst().port(),
                            witnesses.asked(),
                            shared,
                            configured),
                    new LogView(ledger),
                    new Custody(ledger, door, config.data()),
                    access,
                    configured);
            Router router = api.router();
            doors.add(Door.unix(config.socket(), false, Users.only(users(config)), router, config.limits(), faults));
            if (shared.isPresent()) {
                Path socket = NodeConfig.socketIn(shared.get());
                SharedFolder.requireFree(socket);
                doors.add(Door.unix(socket, true, access, api.shared(), DoorLimits.SHARED, faults));
            }
            witnesses.begin();
            return new Node(config, ledger, doors, List.of(governing, brokering), router.routes(), witnesses, shared);
        } catch (PushedBackException e) {
            throw stopped(
                    doors, ledger, new StartException(e.code(), String.valueOf(e.getMessage()), "jurat doctor", e));
        } catch (LedgerException e) {
            throw stopped(doors, ledger, new StartException(e.code(), String.valueOf(e.getMessage()), e.next(), e));
        } catch (FormatException e) {
            throw stopped(
                    doors,
                    ledger,
                    new StartException(
                            e.code(), "a shipped artefact is damaged: " + e.getMessage(), "build Jurat again", e));
        } catch (LinkageError e) {
            throw stopped(
                    doors,
                    ledger,
                    new StartException(
                            "native-library",
                            "a native library cannot be loaded: " + e.getMessage(),
                            UNPACK + "jurat up",
                            e));
        } catch (IOException | RuntimeException e) {
            throw stopped(
                    doors,
                    ledger,
                    new StartException("start", "the node did not start: " + e.getMessage(), "jurat doctor", e));
        }
    }

    /** What comes with Jurat and was lost from the folder is stored again; where that fails, the status names it. */
    private static void restoreShipped(Ledger ledger) {
        for (byte[] artefact : Shipped.artefacts()) {
            try {
                if (ledger.artefact(Hash.of(artefact)).isEmpty()) {
                    ledger.putArtefact(artefact);
                }
            } catch (LedgerException e) {
                // A full disk or an unreadable file keeps no node from starting: it denies what it cannot read.
            }
        }
    }

    private static StartException stopped(List<Door> doors, Ledger ledger, StartException why) throws LedgerException {
        doors.forEach(Door::close);
        ledger.close();
        return why;
    }

    /** The write door serves the owner of the data folder and nobody else. */
    private static Set<String> users(NodeConfig config) throws IOException {
        return Set.of(Files.getOwner(config.data()).getName());
    }

    public NodeConfig config() {
        return config;
    }

    /** The folder with the door for other users of the machine, where there is one. */
    public Optional<Path> shared() {
        return shared;
    }

    /** Where checkpoint and tiles are read. */
    public String tilesUrl() {
        return "http://127.0.0.1:" + doors.getFirst().port();
    }

    /** Whether the ledger can be asked, and takes records in where nothing keeps it from that; a node whose ledger has stopped must be started anew. */
    public boolean running() {
        return switch (ledger.status().state()) {
            case RUNNING, DISK_FULL, READ_ONLY -> true;
            case STOPPED, CLOSED -> false;
        };
    }

    /** Why nothing is taken in or signed, in words, where a witness contradicts the ledger. */
    public Optional<String> halted() {
        List<Halt> halts = ledger.halted();
        return halts.isEmpty() ? Optional.empty() : Optional.of(NodeWitnesses.text(halts));
    }

    /** How many witnesses the node asks, and what they said before it signed anything; empty where it asks nobody. */
    public Optional<String> witnessed() {
        return witnesses.asked().map(asked -> {
            WitnessStatus status = asked.status();
            return status.each().size() + ", quorum " + status.quorum().name()
                    + (status.start() == WitnessStatus.Start.UNANSWERED
                            ? "; none was there to say whether the log has gone back"
                            : "");
        });
    }

    /** The routes of the Unix socket, as method, space, pattern. */
    List<String> routes() {
        return routes;
    }

    /** Whether this start could tell that the log had not gone back. */
    public boolean guarded() {
        return ledger.status().guarded();
    }

    /** Whether both marks of the newest size could be read at this start. */
    public boolean headWhole() {
        return ledger.status().headWhole();
    }

    /** The name and key id of the log's second line, where its checkpoints have one. */
    public Optional<String> secondLine() {
        return ledger.secondKey().map(key -> key.text().substring(0, key.text().lastIndexOf('+')));
    }

    public boolean claimed() {
        return ledger.head().claimed();
    }

    private void endSessions() {
        for (Lanes service : services) {
            try {
                service.end();
            } catch (PushedBackException | UnavailableException e) {
                // The ledger takes nothing any more: the sessions end by their own time.
            }
        }
    }

    /** Once is enough; what comes after that does nothing. */
    @Override
    public synchronized void close() throws StartException {
        if (closed) {
            return;
        }
        closed = true;
        witnesses.close();
        doors.reversed().forEach(Door::close);
        endSessions();
        try {
            Files.deleteIfExists(config.socket());
            if (shared.isPresent()) {
                Files.deleteIfExists(NodeConfig.socketIn(shared.get()));
            }
            ledger.close();
        } catch (LedgerException e) {
            throw new StartException(e.code(), String.valueOf(e.getMessage()), e.next(), e);
        } catch (IOException e) {
            throw new StartException(
                    "data-folder", "the socket file stays: " + e.getMessage(), "none: the next start replaces it", e);
        }
    }
}
