package dev.jurat.ledger;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns words into what the index has of them: the first {@value #TOKEN_BYTES} bytes of their HMAC-SHA-256 under a key that is not in the index, as text.
 *
 * <p>So many bytes keep two of a thousand million words apart, with a chance of one in thirty, and a row short; whoever has the index without the key can
 * neither read words in it nor try any. For one thread.
 */
final class WordKey {
    static final int BYTES = 32;
    static final int TOKEN_BYTES = 8;

    private static final byte[] WORD = "jurat/word/v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAME = "jurat/word-key/v1".getBytes(StandardCharsets.US_ASCII);

    private final Mac mac;

    WordKey(byte[] key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    List<String> tokens(Collection<String> words) {
        return words.stream().map(this::token).distinct().toList();
    }

    private String token(String word) {
        mac.update(WORD);
        return text(mac.doFinal(word.getBytes(StandardCharsets.UTF_8)));
    }

    /** What tells this key from another, and nothing of it. */
    String name() {
        return text(mac.doFinal(NAME));
    }

    private static String text(byte[] whole) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, TOKEN_BYTES));
    }
}
