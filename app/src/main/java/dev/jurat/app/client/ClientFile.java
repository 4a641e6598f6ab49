package dev.jurat.app.client;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.JuratHome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A client's configuration file, of which one server's entry is exchanged and all other bytes stay.
 *
 * <p>The file is replaced by rename, after a copy of it was put beside it. Undoing puts the entry's first bytes back, and refuses where somebody has changed
 * the entry since.
 */
public final class ClientFile {
    private static final int BYTES_MAX = 16 << 20;
    private static final String MEMBER = "mcpServers";

    private final Path file;
    private final Path notes;

    /** The configuration in {@code file}; what undoing needs is kept in the home. */
    public ClientFile(Path file, JuratHome home) throws IOException {
        this.file = file.toRealPath();
        this.notes = home.folder().resolve("clients");
    }

    /** The command that stands in for a server's own. */
    public interface Wrapping {
        /** The arguments of the launcher; {@code credentials} are the names under which the entry's environment was kept. */
        List<String> arguments(String command, List<String> arguments, Map<String, String> credentials);
    }

    /** The names of the servers that the file has. */
    public List<String> servers() throws IOException, FormatException {
        byte[] text = read();
        return List.copyOf(servers(text).members().keySet());
    }

    /** The variables that the client would give this server. */
    public Map<String, String> environment(String server) throws IOException, FormatException {
        byte[] text = read();
        return ServerEntry.read(entry(text, server), text).environment();
    }

    /**
     * Puts a wrapper in front of a server.
     *
     * @param home what the wrapper is to have as {@code JURAT_HOME}; empty for the usual one
     * @param credentials variable to the name under which its value was kept
     * @return the copy of the file as it was
     * @throws FormatException {@code client-wrapped} if it is wrapped already, {@code client-server}, {@code client-entry}, a code of foreign JSON
     */
    public Path wrap(
            String server, String launcher, Optional<Path> home, Map<String, String> credentials, Wrapping wrapping)
            throws IOException, FormatException {
        byte[] text = read();
        ForeignJson value = entry(text, server);
        ServerEntry entry = ServerEntry.read(value, text);
        if (entry.command().equals(launcher)) {
            throw new FormatException("client-wrapped", server + " runs behind Jurat already");
        }
        List<String> arguments = wrapping.arguments(entry.command(), entry.arguments(), credentials);
        byte[] after = entry.spelt(launcher, arguments, home, indent(text, value.span()))
                .getBytes(StandardCharsets.UTF_8);
        byte[] before = value.span().cut(text);
        PrivateFiles.folder(notes);
        // A crash after this note and before the rename leaves a note that undoing finds untrue, and says so.
        PrivateFiles.write(note(server), note(server, before, after));
        Path copy = file.resolveSibling(file.getFileName() + ".before-jurat");
        PrivateFiles.write(copy, text);
        replace(text, value.span(), after);
        return copy;
    }

    /** Puts the server's own entry back; {@code client-not-wrapped}, {@code client-changed}. */
    public void undo(String server) throws IOException, FormatException {
        if (!Files.exists(note(server))) {
            throw new FormatException("client-not-wrapped", "Jurat did not change " + server + " in this file");
        }
        Fields note = Fields.of(CanonicalJson.readObject(PrivateFiles.read(note(server), BYTES_MAX)), "note");
        byte[] before = Base64.getDecoder().decode(note.string("before"));
        byte[] after = Base64.getDecoder().decode(note.string("after"));
        byte[] text = read();
        ForeignJson value = entry(text, server);
        if (!Arrays.equals(value.span().cut(text), after)) {
            throw new FormatException(
                    "client-changed",
                    server + " was changed since; its first entry is in " + file.getFileName() + ".before-jurat");
        }
        replace(text, value.span(), before);
        Files.delete(note(server));
    }

    private byte[] read() throws IOException, FormatException {
        if (Files.size(file) > BYTES_MAX) {
            throw new FormatException("json-size", "the file is larger than such a file can be");
        }
        return Files.readAllBytes(file);
    }

    private static ForeignJson.Obj servers(byte[] text) throws FormatException {
        if (ForeignJson.parseObject(text).members().get(MEMBER) instanceof ForeignJson.Obj servers) {
            return servers;
        }
        throw new FormatException("client-server", "the file has no " + MEMBER);
    }

    private static ForeignJson entry(byte[] text, String server) throws FormatException {
        ForeignJson.Obj servers = servers(text);
        return Optional.ofNullable(servers.members().get(server))
                .orElseThrow(() -> new FormatException(
                        "client-server",
                        "there is no server " + server + "; there are: "
                                + new ArrayList<>(servers.members().keySet())));
    }

    private void replace(byte[] text, ForeignJson.Span span, byte[] entry) throws IOException, FormatException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + entry.length);
        out.write(text, 0, span.start());
        out.writeBytes(entry);
        out.write(text, span.end(), text.length - span.end());
        ForeignJson.parseObject(out.toByteArray());
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (!Arrays.equals(text, Files.readAllBytes(file))) {
            throw new FormatException("client-busy", "the file changed while it was read: close the client and repeat");
        }
        PrivateFiles.write(file, out.toByteArray());
        Files.setPosixFilePermissions(file, mode);
    }

    /** The white space with which the entry's line begins. */
    private static String indent(byte[] text, ForeignJson.Span span) {
        int line = span.start();
        while (line > 0 && text[line - 1] != '\n') {
            line--;
        }
        int end = line;
        while (end < span.start() && (text[end] == ' ' || text[end] == '\t')) {
            end++;
        }
        return new String(text, line, end - line, StandardCharsets.US_ASCII);
    }

    private Path note(String server) {
        return notes.resolve(Hash.of((file + "\0" + server).getBytes(StandardCharsets.UTF_8))
                        .hex()
                        .substring(0, 32) + ".json");
    }

    private byte[] note(String server, byte[] before, byte[] after) {
        return CanonicalJson.write(JsonBuilder.object()
                .put("after", Base64.getEncoder().encodeToString(after))
                .put("before", Base64.getEncoder().encodeToString(before))
                .put("file", file.toString())
                .put("server", server)
                .build());
    }
}
