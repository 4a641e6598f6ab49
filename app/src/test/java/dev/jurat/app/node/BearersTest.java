package dev.jurat.app.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.crypto.Hash;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BearersTest {
    private static final Hash FIRST = Hash.of(new byte[] {1});
    private static final Hash SECOND = Hash.of(new byte[] {2});
    private static final Hash THIRD = Hash.of(new byte[] {3});

    private final Bearers<String> bearers = new Bearers<>(Map.of("starter@v1", FIRST));

    @Test
    void aNameGetsASecondText() {
        assertFalse(bearers.isTaken("own@v1"));
        assertEquals(Optional.empty(), bearers.other("own@v1", SECOND));
        bearers.add("own@v1", SECOND);
        assertTrue(bearers.isTaken("own@v1"));
        assertEquals(Optional.empty(), bearers.other("own@v1", SECOND));
        assertEquals(Optional.of(SECOND), bearers.other("own@v1", THIRD));
    }

    @Test
    void aShippedNameIsFree() {
        assertTrue(bearers.isTaken("starter@v1"));
        assertEquals(Optional.empty(), bearers.other("starter@v1", FIRST));
        assertEquals(Optional.of(FIRST), bearers.other("starter@v1", SECOND));
    }

    @Test
    void whatWasPublishedOnceMayNotBeAgain() {
        bearers.add("own@v1", SECOND);
        bearers.add("own@v1", THIRD);
        assertEquals(Optional.empty(), bearers.other("own@v1", SECOND));
        assertEquals(Optional.empty(), bearers.other("own@v1", THIRD));
        assertTrue(bearers.other("own@v1", FIRST).isPresent());
    }
}
