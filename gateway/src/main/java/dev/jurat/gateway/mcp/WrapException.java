package dev.jurat.gateway.mcp;

import dev.jurat.custody.CustodyException;
import dev.jurat.proof.FormatException;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Why the wrapper ends without serving: exit status, stable code, what happened, and the command or step that comes next.
 *
 * <p>Spec: {@code docs/spec/mcp.md}, How the wrapper ends.
 */
final class WrapException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int USAGE = 64;
    private static final int MISSING = 66;
    private static final int NODE = 69;
    private static final int FAULT = 70;
    private static final int REFUSED = 77;
    private static final int INTERRUPTED = 130;
    private static final int HTTP_SERVER_ERROR = 500;

    private final int status;
    private final String code;
    private final String next;

    private WrapException(int status, String code, String message, String next) {
        super(message);
        this.status = status;
        this.code = code;
        this.next = next;
    }

    /** Arguments that cannot be used. */
    static WrapException usage(String message) {
        return new WrapException(USAGE, "usage", message, "jurat mcp wrap --help");
    }

    /** A server, credential or file that is not there, or not as it must be. */
    static WrapException missing(String code, String message, String next) {
        return new WrapException(MISSING, code, message, next);
    }

    /** The node answers, and does not take this agent or point. */
    static WrapException refused(String code, String message, String next) {
        return new WrapException(REFUSED, code, message, next);
    }

    /** A folder that cannot be taken in one way; {@code which} says where it was named. */
    static WrapException folder(String which, FormatException e) {
        String next = switch (e.code()) {
            case "path-nfc" -> "give the folder, or a link to it, a name in Unicode form NFC, and name that";
            case "path-home" -> "name the folder by its whole path, such as /home/you/files";
            default -> "name the folder by a whole and plain path, or rename it";
        };
        return missing(e.code(), which + " cannot be taken: " + e.getMessage(), next);
    }

    static WrapException interrupted() {
        return new WrapException(INTERRUPTED, "interrupted", "stopped before it served", "start it again");
    }

    static WrapException of(NodeException e) {
        boolean refused = e.status() != 0 && e.status() < HTTP_SERVER_ERROR;
        return new WrapException(refused ? REFUSED : NODE, e.code(), String.valueOf(e.getMessage()), e.next());
    }

    static WrapException of(CustodyException e) {
        return missing(e.code().text(), "the identity key does not sign: " + e.getMessage(), e.next());
    }

    static WrapException of(FormatException e) {
        String next = switch (e.code()) {
            case "profile-unknown" -> "jurat profile list";
            case "roots-none" ->
                "name the folders that the server may touch after the word that names the server, or with --root DIR";
            case "roots-launch" -> "name the profile of the server that is started: jurat profile list";
            default -> "jurat doctor";
        };
        return missing(e.code(), String.valueOf(e.getMessage()), next);
    }

    /** A file of the home that cannot be used. */
    static WrapException of(IOException e) {
        String why = switch (e) {
            case NoSuchFileException f -> "there is no " + f.getFile();
            case AccessDeniedException f -> f.getFile() + " may not be opened by this user";
            case FileSystemException f
            when f.getReason() == null ->
                f.getFile() + " cannot be used (" + f.getClass().getSimpleName() + ")";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
        return missing("home-file", why, "jurat doctor");
    }

    /** Jurat's own fault. */
    static WrapException of(RuntimeException e) {
        return new WrapException(FAULT, "internal", "Jurat failed: " + e, "please report this");
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    /** The lines for the error stream. */
    String told(Commands commands) {
        return "jurat mcp wrap: " + code + ": " + getMessage() + "\n  next: " + commands.complete(next);
    }
}
