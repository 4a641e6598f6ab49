package dev.jurat.app.cli;

import dev.jurat.app.keys.PersonKeys;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Suite;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;

/** Looks at what was typed before anything is done with it; what cannot be used is a {@link Failure} of status 2. */
final class Input {
    /** The most typing mistakes between a word and the one that was meant. */
    private static final int MISTAKES_MAX = 2;

    private Input() {}

    /** An option or parameter that names a file or folder was given as the empty word, such as a shell's variable that is not set. */
    static final class EmptyPathException extends CommandLine.TypeConversionException {
        private static final long serialVersionUID = 1L;

        EmptyPathException() {
            super("it is empty; name a file or folder (. is the present one)");
        }
    }

    static Path path(String typed) {
        if (typed.isEmpty()) {
            throw new EmptyPathException();
        }
        return Path.of(typed);
    }

    /** The suite of a new key of a person. */
    static Suite personSuite(Optional<String> typed) throws FormatException {
        Suite suite = typed.isPresent() ? Suite.parse(typed.get()) : Suite.ED25519_2026;
        if (!PersonKeys.SUITES.contains(suite)) {
            throw Failure.input(
                    "suite-choice",
                    "a person has no key of the suite " + suite.text(),
                    "take ed25519-2026 or p256-2026");
        }
        return suite;
    }

    static long between(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw Failure.input("number-range", option + " is " + least + " to " + most + ", not " + value, "");
        }
        return value;
    }

    /** A file that is to be written: its folder is there, and it is no folder itself. */
    static void writable(Path file) {
        if (Files.isDirectory(file)) {
            throw Failure.input("file-is-folder", file + " is a folder", "name a file in it");
        }
        Path folder = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
        if (!Files.isDirectory(folder)) {
            throw Failure.input(
                    "no-such-folder", "there is no folder " + folder, "mkdir -p " + Next.quoted(folder.toString()));
        }
    }

    /** The same for a file that nobody has to lose: one that is there already is written over only where that was asked for. */
    static void free(Path file, boolean force) {
        writable(file);
        if (!force && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw Failure.input(
                    "file-exists",
                    file + " is there already",
                    "name another file, or to lose what is in this one: " + Next.SAME + " --force");
        }
    }

    /** What a file of at most so many bytes holds. */
    static byte[] bytes(Path file, int bytesMax) throws IOException {
        return bytes(file, bytesMax, "file-large");
    }

    /**
     * The same, with the code for a larger one. Reads at most a byte more than that, and only what has an end; a failure names the file.
     *
     * @throws NoSuchFileException if there is none
     */
    static byte[] bytes(Path file, int bytesMax, String largeCode) throws IOException {
        if (Files.isDirectory(file)) {
            throw Failure.input("file-is-folder", file + " is a folder", "name a file in it");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw Failure.input("file", file + " is a device, a pipe or a socket", "name a plain file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(bytesMax + 1);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            throw Failure.input("file", why(e), "check the path and its permissions, then: " + Next.SAME);
        } catch (IOException e) {
            throw Failure.input("file", file + ": " + why(e), "check the disk that it is on, then: " + Next.SAME);
        }
        if (bytes.length > bytesMax) {
            throw Failure.input(
                    largeCode,
                    file + " has more than " + bytesMax + " bytes",
                    "shorten or split it, then: " + Next.SAME);
        }
        return bytes;
    }

    /** The same as text; {@code file-utf8} where it is none. */
    static String text(Path file, int bytesMax, String largeCode) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(bytes(file, bytesMax, largeCode));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw Failure.input("file-utf8", file + " is not UTF-8 text", "write it as UTF-8, then: " + Next.SAME);
        }
    }

    /** A reason that must be given. */
    static String reason(String typed) {
        if (typed.isBlank()) {
            throw Failure.input("reason-empty", "the reason is empty", "say why, with --reason TEXT");
        }
        return typed;
    }

    /** What went wrong with a file; of some failures Java says the name alone. */
    static String why(IOException e) {
        String message = e.getMessage();
        if (message == null) {
            return e.getClass().getSimpleName();
        }
        return e instanceof FileSystemException file && file.getReason() == null
                ? message + ": "
                        + switch (file) {
                            case NoSuchFileException ignored -> "there is no such file or folder";
                            case AccessDeniedException ignored -> "permission denied";
                            case FileAlreadyExistsException ignored -> "something of that name is there already";
                            default -> file.getClass().getSimpleName();
                        }
                : message;
    }

    /** The one of these words that was most likely meant. */
    static Optional<String> nearest(String typed, List<String> words) {
        Optional<String> nearest = Optional.empty();
        int fewest = MISTAKES_MAX + 1;
        for (String word : words) {
            int mistakes = mistakes(typed, word);
            if (mistakes < fewest && mistakes < word.length()) {
                fewest = mistakes;
                nearest = Optional.of(word);
            }
        }
        return nearest;
    }

    /** How many letters are to be put in, taken out or replaced. */
    private static int mistakes(String typed, String word) {
        int[] last = new int[word.length() + 1];
        for (int j = 0; j < last.length; j++) {
            last[j] = j;
        }
        for (int i = 1; i <= typed.length(); i++) {
            int[] row = new int[last.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = last[j - 1] + (typed.charAt(i - 1) == word.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
            }
            last = row;
        }
        return last[word.length()];
    }
}
