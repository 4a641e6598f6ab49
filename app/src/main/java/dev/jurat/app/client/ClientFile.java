package dev.jurat.app.client;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A client's configuration file as it was read, of which one server's entry can be exchanged while all other bytes stay.
 *
 * <p>Security property: the file is replaced by rename, with the mode that it had, and only where it is a plain file of the same user as
 * the one to whom the notes belong: root, say, does not follow a link of somebody else's, nor take a file over.
 */
final class ClientFile {
    private static final String SERVERS = "mcpServers";

    private final Path file;
    private final byte[] text;
    private final ForeignJson.Obj root;

    private ClientFile(Path file, byte[] text, ForeignJson.Obj root) {
        this.file = file;
        this.text = text;
        this.root = root;
    }

    /** An entry: its value, and the bytes that spell it. */
    record Entry(ForeignJson value, byte[] bytes, String indent) {
        /** Whether these bytes say the same; clients write their files anew in a spelling of their own. */
        boolean says(byte[] other) throws FormatException {
            return ForeignJson.sameValue(value, ForeignJson.parse(other));
        }
    }

    /** Reads the file, through links; {@code client-file-kind}, or a code of foreign JSON. */
    static ClientFile open(Path path) throws IOException, FormatException, ClientException {
        Path file = path.toRealPath();
        if (!Files.isRegularFile(file)) {
            throw new ClientException("client-file-kind", path + " is not a plain file", "name the file with --config");
        }
        if (Files.size(file) > ForeignJson.BYTES_MAX) {
            throw new FormatException("json-size", path + " is larger than such a file can be");
        }
        byte[] text = Files.readAllBytes(file);
        try {
            return new ClientFile(file, text, ForeignJson.parseObject(text));
        } catch (FormatException e) {
            throw new FormatException(e.code(), path + ": " + e.getMessage());
        }
    }

    /** Whether there is such a place in this file. */
    boolean has(Place place) {
        return servers(place).isPresent();
    }

    /** The names of the servers there. */
    List<String> names(Place place) {
        return servers(place).map(s -> List.copyOf(s.members().keySet())).orElse(List.of());
    }

    Optional<Entry> entry(Place place, String server) {
        return servers(place)
                .map(s -> s.members().get(server))
                .map(v -> new Entry(v, v.span().cut(text), indent(v)));
    }

    private Optional<ForeignJson.Obj> servers(Place place) {
        Optional<ForeignJson.Obj> part = Optional.of(root);
        if (place.folder().isPresent()) {
            part = member(root, "projects")
                    .flatMap(p -> member(p, place.folder().get()));
        }
        return part.flatMap(p -> member(p, SERVERS));
    }

    private static Optional<ForeignJson.Obj> member(ForeignJson.Obj object, String name) {
        return object.members().get(name) instanceof ForeignJson.Obj o ? Optional.of(o) : Optional.empty();
    }

    /** Refuses a file that is not the user's own, as whose the folder counts; {@code client-owner}. */
    void checkOwner(Path folder) throws IOException, ClientException {
        if (!Files.getOwner(file).equals(Files.getOwner(folder))) {
            throw new ClientException(
                    "client-owner",
                    file + " belongs to " + Files.getOwner(file),
                    "run this as that user, without sudo");
        }
    }

    /** Puts other bytes in the place of an entry; {@code client-busy} if the file changed since it was read. */
    void replace(Entry entry, byte[] bytes) throws IOException, FormatException, ClientException {
        ForeignJson.Span span = entry.value().span();
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + bytes.length);
        out.write(text, 0, span.start());
        out.writeBytes(bytes);
        out.write(text, span.end(), text.length - span.end());
        ForeignJson.parseObject(out.toByteArray());
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        Path folder = Objects.requireNonNull(file.getParent(), "a file lies in a folder");
        Path draft = Files.createTempFile(folder, ".jurat-", "");
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(out.toByteArray());
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.setPosixFilePermissions(draft, mode);
            if (!Arrays.equals(text, Files.readAllBytes(file))) {
                throw new ClientException(
                        "client-busy", file + " changed while it was read", "close the client and repeat");
            }
            // A crash before the rename leaves the old file and a draft that only this user can read; after it, the new
            // file.
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** The white space with which the line of a value begins. */
    private String indent(ForeignJson value) {
        int line = value.span().start();
        while (line > 0 && text[line - 1] != '\n') {
            line--;
        }
        int end = line;
        while (end < value.span().start() && (text[end] == ' ' || text[end] == '\t')) {
            end++;
        }
        return new String(text, line, end - line, StandardCharsets.US_ASCII);
    }
}
