package dev.jurat.ledger;

import dev.jurat.ledger.LedgerException.Owner;
import dev.jurat.ledger.storage.StorageException;
import java.io.IOException;
import java.sql.SQLException;

/** Turns what storage and index throw into the ledger's one exception. */
final class Faults {
    private Faults() {}

    /** Something that may fail below the ledger. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws IOException, StorageException, SQLException, InterruptedException, LedgerException;
    }

    static <T> T guard(Step<T> step) throws LedgerException {
        try {
            return step.run();
        } catch (StorageException e) {
            throw ofStorage(e);
        } catch (IOException e) {
            throw failed(e);
        } catch (SQLException e) {
            if (lacksLibrary(e)) {
                throw new LedgerException(
                        "native-library",
                        Owner.OPERATOR,
                        "SQLite's native library cannot be loaded: " + last(e),
                        "unpack it in a folder where programs may run (no noexec):"
                                + " JURAT_JAVA_OPTIONS=-Djava.io.tmpdir=DIR jurat up",
                        e);
            }
            throw new LedgerException(
                    "index-failed",
                    Owner.OPERATOR,
                    "the index: " + e.getMessage(),
                    "Stop the node, move the folder log/index of its data away, and start it: the index is made anew.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException("interrupted", Owner.JURAT, "interrupted while waiting", "Try again.", e);
        }
    }

    static LedgerException failed(IOException e) {
        return new LedgerException(
                "storage-failed",
                Owner.OPERATOR,
                "the data folder: " + e.getMessage(),
                "Check disk and permissions.",
                e);
    }

    /** Whether the database was never reached: its driver found no library that it could load. */
    private static boolean lacksLibrary(SQLException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnsatisfiedLinkError
                    || cause.getClass().getSimpleName().equals("NativeLibraryNotFoundException")) {
                return true;
            }
        }
        return false;
    }

    private static String last(Throwable e) {
        Throwable last = e;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return String.valueOf(last.getMessage());
    }

    static LedgerException ofStorage(StorageException e) {
        return new LedgerException(e.code(), Owner.OPERATOR, String.valueOf(e.getMessage()), next(e.code()), e);
    }

    private static String next(String code) {
        return switch (code) {
            case "data-folder-in-use" -> "Stop the other process, or name another data folder.";
            case "not-a-ledger" -> "Name the data folder of a ledger, or create one.";
            case "ledger-exists" -> "Open it, or name an empty folder.";
            case "format-missing", "format-damaged" ->
                "Put the file back: it is one line, jurat-ledger 1. If more is gone, restore a backup of the whole folder that is newer than"
                        + " the last checkpoint you know.";
            case "head-damaged" ->
                "Keep a copy of the folder as it is. If you know that it is the newest copy, remove the file head and start again: this one"
                        + " start cannot tell whether the log went back. Else restore a backup that is newer than the last checkpoint you"
                        + " know.";
            case "witnessed-damaged" ->
                "Keep a copy of the folder as it is, and look at the disk. Then remove the file witnessed: the witnesses sign again.";
            case "halt-damaged" ->
                "Look at the disk, then remove the file halt: the node asks its witnesses before it signs. If none answers there, restore a"
                        + " backup that is newer than the last checkpoint you know.";
            case "format-unknown" -> "Use the program that wrote the folder, or a newer one.";
            case "keys-differ" -> "Use the keystore that belongs to this data folder.";
            default ->
                "Keep a copy of the folder as it is, then restore a backup that is newer than the last checkpoint you know.";
        };
    }
}
