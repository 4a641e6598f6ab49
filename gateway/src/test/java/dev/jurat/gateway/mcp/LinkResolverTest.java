package dev.jurat.gateway.mcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;

/** Which names a folder is listed for. */
class LinkResolverTest {
    @Test
    void everyNameThatAnotherCharacterIsEqualToIsLookedFor() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
            String text = surrogate ? "" : Character.toString(point);
            String folded = Normalizer.normalize(text, Normalizer.Form.NFC);
            if (!folded.equals(text)) {
                assertTrue(LinkResolver.hasEquals("a" + folded), "U+" + Integer.toHexString(point));
            }
        }
        assertTrue(LinkResolver.hasEquals("\u00e9"));
    }

    @Test
    void namesThatNoOtherIsEqualToAreNot() {
        assertTrue("azAZ09 -_.~"
                .chars()
                .filter(c -> c != 'K')
                .noneMatch(c -> LinkResolver.hasEquals(Character.toString(c))));
    }
}
