package dev.jurat.proof.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LexicalPathTest {
    private static final List<String> PARTS = List.of(
            "a", "b", "..", ".", "", "...", ".a", "a b", "\u00e9", "~", "%", "%2e", "a ", "'", "\u200b", "\uff0e",
            "x'y");

    /** What is accepted is its own one form, and the JDK's own normaliser agrees where it leads. */
    @Test
    void acceptedPathIsReadAnotherWay() throws FormatException {
        Random random = new Random(3);
        LexicalPath base = LexicalPath.parse("/srv/data");
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "/" : "");
            for (int n = random.nextInt(6); n >= 0; n--) {
                text.append(PARTS.get(random.nextInt(PARTS.size()))).append(n == 0 ? "" : "/");
            }
            Optional<LexicalPath> path = read(text.toString(), base);
            if (path.isPresent()) {
                accepted++;
                assertEquals(path.get(), LexicalPath.parse(path.get().text()), text.toString());
                Path jdk = Path.of("/srv/data").resolve(text.toString()).normalize();
                assertEquals(jdk.toString(), path.get().text(), text.toString());
            }
        }
        assertTrue(accepted > 1000, "only " + accepted + " accepted");
    }

    private static Resource.Path resource(String path, Reach reach) throws FormatException {
        return new Resource.Path(LexicalPath.parse(path), reach);
    }

    @Test
    void prefixOfANameIsTakenForItsFolder() throws FormatException {
        LexicalPath root = LexicalPath.parse("/srv/data");
        assertTrue(root.under(root));
        assertTrue(LexicalPath.parse("/srv/data/a").under(root));
        assertTrue(root.under(LexicalPath.parse("/")));
        assertFalse(root.below(root));
        assertTrue(LexicalPath.parse("/srv/data/a").below(root));
        assertFalse(LexicalPath.parse("/srv/data-other").under(root));
        assertFalse(LexicalPath.parse("/srv/datA/a").under(root));
        assertFalse(LexicalPath.parse("/srv").under(root));
    }

    @Test
    void innermostRootIsMissed() throws FormatException {
        LexicalPath outer = LexicalPath.parse("/srv");
        LexicalPath inner = LexicalPath.parse("/srv/data");
        Roots roots = Roots.of(List.of(outer, inner));
        assertEquals(Optional.of(inner), roots.rootOf(resource("/srv/data/a", Reach.ITSELF)));
        assertEquals(Optional.of(outer), roots.rootOf(resource("/srv/a", Reach.ITSELF)));
        assertEquals(Optional.empty(), roots.rootOf(resource("/etc", Reach.ITSELF)));
        assertEquals(Optional.of(inner), roots.rootOf(resource("/srv/data", Reach.BELOW)));
        assertEquals(Optional.of(outer), roots.rootOf(resource("/srv/data", Reach.BESIDE)));
        assertEquals(Optional.empty(), roots.rootOf(resource("/srv", Reach.BESIDE)));
        assertEquals(Optional.empty(), roots.base());
        assertEquals(Optional.of(inner), Roots.of(List.of(inner)).and(outer).base());
    }

    private static Optional<LexicalPath> read(String text, LexicalPath base) {
        try {
            return Optional.of(LexicalPath.parse(text, base));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }
}
