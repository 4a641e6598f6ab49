package dev.jurat.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * The folder of one user's Jurat: {@code $JURAT_HOME}, else {@code ~/.jurat}. Folders are made with mode 0700.
 *
 * @param folder an absolute path
 */
public record JuratHome(Path folder) {
    /** The namespace of the people and agents of one home: people approve in their own namespace only. */
    public static final String NAMESPACE = "local";

    /** The home that these environment variables give. */
    public static JuratHome of(Map<String, String> environment) {
        String named = environment.getOrDefault("JURAT_HOME", "");
        Path folder = named.isEmpty() ? userFolder(environment).resolve(".jurat") : Path.of(named);
        return new JuratHome(folder.toAbsolutePath().normalize());
    }

    /** The user's folder: {@code $HOME}, as for every other program; where that is not set, what the system's user list has. */
    public static Path userFolder(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
    }

    /** The write door of the node whose data folder is the usual one. */
    public Path socket() {
        return folder.resolve("data").resolve("node.sock");
    }

    /** The identity key of an agent. */
    public Path agentKey(String name) {
        return folder.resolve("agents").resolve(name + ".json");
    }

    /** The identity key that all wrappers of this home share as an enforcement point. */
    public Path pointKey() {
        return folder.resolve("points").resolve("mcp.json");
    }

    /** Locked while a principal of this home is enrolled. */
    public Path enrolmentLock() {
        return folder.resolve("enrolment.lock");
    }

    /** Where sessions keep what is not on the ledger yet. */
    public Path spools() {
        return folder.resolve("spools");
    }

    /** What the children of wrappers need, one file a name. */
    public Path credentials() {
        return folder.resolve("credentials");
    }

    /** Makes a folder, and those above it, that only this user can read. */
    public static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
