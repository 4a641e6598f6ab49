package dev.jurat.ledger.storage;

import dev.jurat.proof.crypto.Hash;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A data folder in memory that forgets what was not synced and fails at a chosen step. A step is one write, sync, creation, renaming,
 * deletion or folder sync.
 */
public final class FaultStorage implements Storage {
    private static final int SECTOR = 512;

    /** What happens at the chosen step. */
    public enum Fault {
        /** The operation is not done and throws. */
        LOST,
        /** The operation is done and throws. */
        DONE_BUT_FAILED,
        /** Half of a write is done; other operations are not; it throws. */
        SHORT,
        /** The process ends before the operation: this and every later one throws. */
        KILLED
    }

    /** What a dead process would have done next. Unchecked, so that no handler of {@link IOException} sees it. */
    public static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed");
        }
    }

    /** A file. Its arrays may be those of other files too until it writes to them. */
    private static final class Node {
        byte[] durable;
        byte[] current;
        boolean ownsDurable;
        boolean ownsCurrent;
        final List<Pending> pending = new ArrayList<>();

        Node(byte[] content) {
            becomes(content);
        }

        /** What is in it, for another file that may have it as well. */
        byte[] currentShared() {
            ownsCurrent = false;
            return current;
        }

        byte[] durableShared() {
            ownsDurable = false;
            return durable;
        }

        void becomes(byte[] content) {
            durable = content;
            current = content;
            ownsDurable = false;
            ownsCurrent = false;
        }

        void write(long position, byte[] bytes) {
            pending.add(new Pending(position, bytes));
            current = put(ownsCurrent ? current : current.clone(), position, bytes);
            ownsCurrent = true;
        }

        void sync() {
            for (Pending write : pending) {
                durable = put(ownsDurable ? durable : durable.clone(), write.position(), write.bytes());
                ownsDurable = true;
            }
            pending.clear();
        }
    }

    private record Pending(long position, byte[] bytes) {}

    private final Map<String, Node> names = new TreeMap<>();
    private final Map<String, Node> durableNames = new TreeMap<>();
    private final Set<String> folders = new HashSet<>(Set.of(""));
    private final Set<String> durableFolders = new HashSet<>(Set.of(""));
    private final Map<String, List<Runnable>> pendingNames = new LinkedHashMap<>();
    private final List<String> steps = new ArrayList<>();
    private int faultAt = -1;
    private int killAt = -1;
    private Fault fault = Fault.KILLED;
    private boolean dead;
    private boolean locked;
    private long usable = 1L << 40;
    private BooleanSupplier forgetting = () -> false;
    private Runnable watching = () -> {};

    /** Chooses the step, counted from 0, and what happens there. */
    public synchronized FaultStorage failAt(int step, Fault what) {
        faultAt = steps.size() + step;
        fault = what;
        return this;
    }

    /** Ends the process before a step, counted from 0, whatever happens at the step of {@link #failAt}. */
    public synchronized FaultStorage killAt(int step) {
        killAt = steps.size() + step;
        return this;
    }

    /** Has each sync asked, in the thread that makes it, whether it only says that it is done. */
    public synchronized FaultStorage forgetting(BooleanSupplier whether) {
        forgetting = whether;
        return this;
    }

    /** Has each step heard of once it is done, in the thread that makes it. */
    public synchronized FaultStorage watching(Runnable watch) {
        watching = watch;
        return this;
    }

    /** What was done so far, a line a step. */
    public synchronized List<String> steps() {
        return List.copyOf(steps);
    }

    public synchronized void usable(long bytes) {
        usable = bytes;
    }

    /** Kills the process now. */
    public synchronized void kill() {
        dead = true;
    }

    /** What a process sees that starts after the machine stopped here: of what was not synced, some survives, by the seed. */
    public synchronized FaultStorage afterPowerLoss(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        return survived(
                operations -> operations.subList(0, random.nextInt(operations.size() + 1)),
                node -> survivor(node, random));
    }

    /** What survives of the names in a folder, or of what was written, that no sync made durable. */
    public enum Unsynced {
        NONE,
        LAST,
        ALL
    }

    /** The same with what survives chosen: of the names in each folder, and of the writes to each file. */
    public synchronized FaultStorage afterPowerLoss(Unsynced ofNames, Unsynced ofWrites) {
        return survived(operations -> some(operations, ofNames), node -> {
            List<Pending> writes = some(node.pending, ofWrites);
            byte[] content = writes.isEmpty() ? node.durableShared() : node.durable.clone();
            for (Pending write : writes) {
                content = put(content, write.position(), write.bytes());
            }
            return new Node(content);
        });
    }

    private static <T> List<T> some(List<T> all, Unsynced which) {
        return switch (which) {
            case NONE -> List.of();
            case LAST -> all.subList(Math.max(0, all.size() - 1), all.size());
            case ALL -> all;
        };
    }

    private FaultStorage survived(UnaryOperator<List<Runnable>> surviving, UnaryOperator<Node> content) {
        Map<String, Node> namesNow = Map.copyOf(durableNames);
        Set<String> foldersNow = Set.copyOf(durableFolders);
        pendingNames.values().forEach(operations -> surviving.apply(operations).forEach(Runnable::run));
        FaultStorage next = new FaultStorage();
        durableFolders.stream().filter(this::isReachable).forEach(next.folders::add);
        next.durableFolders.addAll(next.folders);
        Map<Node, Node> copies = new HashMap<>();
        durableNames.forEach((name, node) -> {
            if (next.folders.contains(folder(name))) {
                Node copy = copies.computeIfAbsent(node, content);
                next.names.put(name, copy);
                next.durableNames.put(name, copy);
            }
        });
        durableNames.clear();
        durableNames.putAll(namesNow);
        durableFolders.clear();
        durableFolders.addAll(foldersNow);
        return next;
    }

    /** What a process sees that starts after this one was killed, as long as the power stays on: what was not synced is still not. */
    public synchronized FaultStorage restarted() {
        dead = false;
        locked = false;
        killAt = -1;
        faultAt = -1;
        return this;
    }

    private boolean isReachable(String folder) {
        return folder.isEmpty() || (durableFolders.contains(folder) && isReachable(folder(folder)));
    }

    /** What a process sees that starts after this one was killed while the machine went on. */
    public synchronized FaultStorage afterKill() {
        FaultStorage next = new FaultStorage();
        next.folders.addAll(folders);
        next.durableFolders.addAll(durableFolders);
        names.forEach((name, node) -> {
            Node copy = new Node(node.currentShared());
            next.names.put(name, copy);
            next.durableNames.put(name, copy);
        });
        next.durableFolders.addAll(folders);
        return next;
    }

    private static Node survivor(Node node, Random random) {
        byte[] content = node.durable.clone();
        int keep = random.nextInt(3);
        for (Pending write : node.pending) {
            for (int at = 0; at < write.bytes().length; at += SECTOR) {
                boolean survives = keep == 2 || (keep == 1 && random.nextBoolean());
                if (survives) {
                    int end = Math.min(at + SECTOR, write.bytes().length);
                    content = put(content, write.position() + at, Arrays.copyOfRange(write.bytes(), at, end));
                }
            }
        }
        return new Node(content);
    }

    /** Changes one byte of a file, durably. */
    public synchronized void flip(String path, long position) {
        Node node = Objects.requireNonNull(names.get(path), path);
        byte[] flipped = node.current.clone();
        flipped[(int) position] ^= 1;
        node.becomes(flipped);
    }

    /** What is left when a file, or a folder with all that is in it, is gone for good. */
    public synchronized FaultStorage without(String path) {
        FaultStorage next = emptied(path);
        next.names.remove(path);
        next.durableNames.remove(path);
        next.folders.remove(path);
        next.durableFolders.remove(path);
        return next;
    }

    /** What is left when a file has lost its bytes, or a folder all that was in it. */
    public synchronized FaultStorage emptied(String path) {
        FaultStorage next = afterKill();
        String within = path + "/";
        List.of(next.names, next.durableNames).forEach(all -> all.keySet().removeIf(n -> n.startsWith(within)));
        List.of(next.folders, next.durableFolders).forEach(all -> all.removeIf(n -> n.startsWith(within)));
        if (next.names.containsKey(path)) {
            next.names.put(path, new Node(new byte[0]));
            next.durableNames.put(path, Objects.requireNonNull(next.names.get(path)));
        }
        return next;
    }

    /** Puts back what another folder has under a path, as an operator does from a copy. */
    public synchronized void putBack(String path, FaultStorage from) {
        FaultStorage copy = from.afterKill();
        String within = path + "/";
        copy.folders.stream()
                .filter(n -> n.equals(path) || n.startsWith(within))
                .forEach(n -> {
                    folders.add(n);
                    durableFolders.add(n);
                });
        copy.names.forEach((name, node) -> {
            if (name.equals(path) || name.startsWith(within)) {
                names.put(name, node);
                durableNames.put(name, node);
            }
        });
    }

    /** What is in one folder, as a storage by itself. */
    public synchronized FaultStorage within(String folder) {
        FaultStorage next = new FaultStorage();
        String prefix = folder + "/";
        folders.stream().filter(name -> name.startsWith(prefix)).forEach(name -> {
            next.folders.add(name.substring(prefix.length()));
            next.durableFolders.add(name.substring(prefix.length()));
        });
        names.forEach((name, node) -> {
            if (name.startsWith(prefix)) {
                Node copy = new Node(node.currentShared());
                next.names.put(name.substring(prefix.length()), copy);
                next.durableNames.put(name.substring(prefix.length()), copy);
            }
        });
        return next;
    }

    /** The bytes of a file that is there. */
    public synchronized byte[] content(String path) {
        return Objects.requireNonNull(names.get(path), path).current.clone();
    }

    /** Of every folder's name, and of every file's with its content. */
    public synchronized Hash digest() {
        List<byte[]> all = new ArrayList<>();
        new TreeSet<>(folders).forEach(name -> all.add(name.getBytes(StandardCharsets.UTF_8)));
        names.forEach((name, node) -> {
            all.add(name.getBytes(StandardCharsets.UTF_8));
            all.add(node.current);
        });
        return Hash.of(all.toArray(byte[][]::new));
    }

    /** Every file's content, as a thief of the disk sees it; not to be written to. */
    public synchronized Map<String, byte[]> files() {
        Map<String, byte[]> all = new TreeMap<>();
        names.forEach((name, node) -> all.put(name, node.currentShared()));
        return all;
    }

    @Override
    public synchronized Optional<byte[]> read(String path) {
        alive();
        return Optional.ofNullable(names.get(path)).map(node -> node.current.clone());
    }

    @Override
    public synchronized boolean exists(String path) {
        alive();
        return names.containsKey(path) || folders.contains(path);
    }

    @Override
    public synchronized List<String> list(String folder) {
        alive();
        Set<String> found = new java.util.TreeSet<>();
        names.keySet().stream().filter(n -> folder(n).equals(folder)).forEach(n -> found.add(last(n)));
        folders.stream().filter(n -> !n.isEmpty() && folder(n).equals(folder)).forEach(n -> found.add(last(n)));
        return List.copyOf(found);
    }

    @Override
    public synchronized void makeFolder(String folder) throws IOException {
        step("mkdir " + folder, () -> {
            if (folders.add(folder)) {
                later(folder(folder), () -> durableFolders.add(folder));
            }
        });
    }

    @Override
    public synchronized DurableFile create(String path) throws IOException {
        if (names.containsKey(path)) {
            throw new FileAlreadyExistsException(path);
        }
        if (!folders.contains(folder(path))) {
            throw new NoSuchFileException(path);
        }
        Node node = new Node(new byte[0]);
        step("create " + path, () -> {
            names.put(path, node);
            later(folder(path), () -> durableNames.put(path, node));
        });
        return new MemoryFile(path, node);
    }

    @Override
    public synchronized DurableFile open(String path) throws IOException {
        alive();
        Node node = names.get(path);
        if (node == null) {
            throw new NoSuchFileException(path);
        }
        return new MemoryFile(path, node);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        boolean folder = folders.contains(from);
        if (!folder && !names.containsKey(from)) {
            throw new NoSuchFileException(from);
        }
        if (folder && exists(to)) {
            throw new FileAlreadyExistsException(to);
        }
        Optional<Node> file = Optional.ofNullable(names.get(from));
        step("rename " + from + " " + to, () -> {
            move(names, folders, from, to);
            later(folder(to), () -> {
                move(durableNames, durableFolders, from, to);
                file.ifPresent(node -> durableNames.put(to, node));
            });
        });
    }

    /** What is in a folder goes with it, but for names in it that no sync made durable. */
    private static void move(Map<String, Node> names, Set<String> folders, String from, String to) {
        UnaryOperator<String> moved = name -> to + name.substring(from.length());
        for (String name : List.copyOf(names.keySet())) {
            if (name.equals(from) || name.startsWith(from + "/")) {
                names.put(moved.apply(name), Objects.requireNonNull(names.remove(name)));
            }
        }
        for (String name : List.copyOf(folders)) {
            if (name.equals(from) || name.startsWith(from + "/")) {
                folders.remove(name);
                folders.add(moved.apply(name));
            }
        }
    }

    @Override
    public synchronized void delete(String path) throws IOException {
        alive();
        if (!exists(path)) {
            return;
        }
        if (!list(path).isEmpty()) {
            throw new DirectoryNotEmptyException(path);
        }
        step("delete " + path, () -> {
            names.remove(path);
            folders.remove(path);
            later(folder(path), () -> {
                durableNames.remove(path);
                durableFolders.remove(path);
            });
        });
    }

    @Override
    public synchronized void syncFolder(String folder) throws IOException {
        step("syncFolder " + folder, () -> {
            List<Runnable> operations = pendingNames.remove(folder);
            if (operations != null) {
                operations.forEach(Runnable::run);
            }
        });
    }

    @Override
    public synchronized long usableBytes() {
        return usable;
    }

    @Override
    public synchronized Closeable lock() throws StorageException {
        if (locked) {
            throw new StorageException("data-folder-in-use", "another ledger has this folder");
        }
        locked = true;
        return () -> locked = false;
    }

    private void later(String folder, Runnable change) {
        pendingNames.computeIfAbsent(folder, f -> new ArrayList<>()).add(change);
    }

    private void alive() {
        if (dead) {
            throw new Killed();
        }
    }

    private void step(String what, Runnable action) throws IOException {
        alive();
        int number = steps.size();
        if (number == killAt) {
            dead = true;
            throw new Killed();
        }
        steps.add(what);
        if (number != faultAt) {
            if (!what.startsWith("sync") || !forgetting.getAsBoolean()) {
                action.run();
            }
            watching.run();
            return;
        }
        switch (fault) {
            case LOST, SHORT -> throw new IOException("lost: " + what);
            case DONE_BUT_FAILED -> {
                action.run();
                throw new IOException("reported lost: " + what);
            }
            case KILLED -> {
                dead = true;
                throw new Killed();
            }
        }
    }

    private static byte[] put(byte[] content, long position, byte[] bytes) {
        int end = (int) position + bytes.length;
        byte[] next = end > content.length ? Arrays.copyOf(content, end) : content;
        System.arraycopy(bytes, 0, next, (int) position, bytes.length);
        return next;
    }

    private static String folder(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private final class MemoryFile implements DurableFile {
        private final String path;
        private final Node node;

        MemoryFile(String path, Node node) {
            this.path = path;
            this.node = node;
        }

        @Override
        public long size() {
            synchronized (FaultStorage.this) {
                alive();
                return node.current.length;
            }
        }

        @Override
        public int read(long position, ByteBuffer into) {
            synchronized (FaultStorage.this) {
                alive();
                int count = (int) Math.clamp(node.current.length - position, 0, into.remaining());
                if (count > 0) {
                    into.put(node.current, (int) position, count);
                }
                return count;
            }
        }

        @Override
        public void write(long position, ByteBuffer bytes) throws IOException {
            synchronized (FaultStorage.this) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                boolean cut = steps.size() == faultAt && fault == Fault.SHORT;
                if (cut) {
                    apply(position, Arrays.copyOf(copy, copy.length / 2));
                }
                step("write " + path + " " + position + "+" + copy.length, () -> apply(position, copy));
            }
        }

        private void apply(long position, byte[] bytes) {
            node.write(position, bytes);
        }

        @Override
        public void sync() throws IOException {
            synchronized (FaultStorage.this) {
                step("sync " + path, node::sync);
            }
        }

        @Override
        public void close() {}
    }
}
