package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A C2SP signed note as it was read: a text that ends in a line feed, and signature lines that nobody has checked yet.
 *
 * <p>Security property: the text means nothing until {@link #verify} has passed. Reading and writing are inverse on accepted bytes.
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
    /** A larger note is refused unread. */
    public static final int BYTES_MAX = 1 << 20;
    /** More signature lines are refused. */
    public static final int SIGNATURES_MAX = 64;

    /** Refuses a text that no note can have with an {@link IllegalArgumentException}. */
    public SignedNote {
        if (!text.endsWith("\n") || hasControl(text)) {
            throw new IllegalArgumentException("a note's text ends in a line feed and has no other control character");
        }
        signatures = List.copyOf(signatures);
    }

    /** A text without signatures yet. */
    public static SignedNote of(String text) {
        return new SignedNote(text, List.of());
    }

    /**
     * Reads a note.
     *
     * @throws FormatException {@code note-length}, {@code note-utf8}, {@code note-control}, {@code note-syntax},
     *     {@code note-signature-line}, {@code note-signature-count}
     */
    public static SignedNote parse(byte[] bytes) throws FormatException {
        String note = utf8(bytes);
        if (hasControl(note)) {
            throw new FormatException("note-control", "a control character other than a line feed");
        }
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0 || !note.endsWith("\n") || blank + 2 == note.length()) {
            throw new FormatException("note-syntax", "a note is a text, an empty line and signature lines");
        }
        List<NoteSignature> signatures = new ArrayList<>();
        for (String line : note.substring(blank + 2, note.length() - 1).split("\n", -1)) {
            if (signatures.size() == SIGNATURES_MAX) {
                throw new FormatException("note-signature-count", "more than " + SIGNATURES_MAX + " signatures");
            }
            signatures.add(NoteSignature.parse(line));
        }
        return new SignedNote(note.substring(0, blank + 1), signatures);
    }

    /** This note with one more signature line at the end. */
    public SignedNote with(NoteSignature signature) {
        List<NoteSignature> more = new ArrayList<>(signatures);
        more.add(signature);
        return new SignedNote(text, more);
    }

    /** The note's bytes. */
    public byte[] bytes() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()).append('\n'));
        return note.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Checks every signature of the keys given and returns the keys whose signature is there, in their own order. Lines of other keys are
     * passed over.
     *
     * @throws FormatException {@code note-signature-invalid} if one line of a known key is bad, even beside a good one;
     *     {@code note-signature-missing} if no line is by a known key
     */
    public List<NoteVerifier> verify(List<NoteVerifier> known) throws FormatException {
        List<NoteVerifier> found = present(known);
        if (found.isEmpty()) {
            throw new FormatException("note-signature-missing", "no signature by a known key");
        }
        return found;
    }

    /** As {@link #verify}, but none may be there. */
    List<NoteVerifier> present(List<NoteVerifier> known) throws FormatException {
        List<NoteVerifier> found = new ArrayList<>();
        for (NoteVerifier verifier : known) {
            boolean present = false;
            for (NoteSignature signature : signatures) {
                if (verifier.matches(signature)) {
                    requireValid(verifier, signature);
                    present = true;
                }
            }
            if (present) {
                found.add(verifier);
            }
        }
        return List.copyOf(found);
    }

    private void requireValid(NoteVerifier verifier, NoteSignature signature) throws FormatException {
        if (!verifier.verifies(text, signature)) {
            throw new FormatException(
                    "note-signature-invalid", "the signature of " + verifier.name() + " does not verify");
        }
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(c -> c < 0x20 && c != '\n');
    }

    private static String utf8(byte[] bytes) throws FormatException {
        if (bytes.length > BYTES_MAX) {
            throw new FormatException("note-length", "a note of more than " + BYTES_MAX + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException("note-utf8", "not valid UTF-8");
        }
    }
}
