package dev.jurat.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenRequestTest {
    private static final String GRANT = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange";
    private static final String TYPE = "subject_token_type=urn%3Ajurat%3Atoken-type%3Aintent";

    @ParameterizedTest
    @CsvSource({
        "request-syntax, ''",
        "request-syntax, grant_type=client_credentials",
        "request-syntax, GRANT&TYPE&audience=system/x",
        "request-syntax, GRANT&TYPE&audience=system/x&subject_token=%21%21",
        "request-repeated, GRANT&GRANT&TYPE&audience=system/x&subject_token=AA",
        "request-repeated, GRANT&TYPE&audience=system/x&audience=system/y&subject_token=AA",
        "subject-type, GRANT&subject_token_type=urn:ietf:params:oauth:token-type:jwt&audience=system/x&subject_token=AA",
        "audience-missing, GRANT&TYPE&subject_token=AA",
        "json-syntax, GRANT&TYPE&audience=system/x&subject_token=AA",
        "member-missing, GRANT&TYPE&audience=system/x&subject_token=EMPTY"
    })
    void malformedFormsAreRefused(String code, String form) {
        String empty = Base64.getUrlEncoder().encodeToString("{}".getBytes(StandardCharsets.UTF_8));
        String text = form.replace("GRANT", GRANT).replace("TYPE", TYPE).replace("EMPTY", empty);
        FormatException refusal = assertThrows(FormatException.class, () -> TokenRequest.parse(text));
        assertEquals(code, refusal.code(), refusal.getMessage());
    }
}
