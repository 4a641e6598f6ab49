package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name by which others know a principal ({@code docs/spec/record.md} §5). Statements have its digest alone, so that the name can be erased; one
 * that can be guessed can be found by guessing.
 */
public sealed interface OutsideName {
    /** A workload's SPIFFE id: {@code spiffe://}, a trust domain, and a path, as SPIFFE-ID §2 has them. */
    record Spiffe(String id) implements OutsideName {
        private static final int BYTES_MAX = 2048;
        private static final int DOMAIN_MAX = 255;
        private static final Pattern FORM =
                Pattern.compile("spiffe://(?<domain>[a-z0-9._-]+)(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]+)+");

        static Spiffe of(String id) throws FormatException {
            Matcher form = FORM.matcher(id);
            if (id.length() > BYTES_MAX
                    || !form.matches()
                    || form.group("domain").length() > DOMAIN_MAX) {
                throw new FormatException("spiffe-syntax", "not the SPIFFE id of a workload: spiffe://DOMAIN/PATH");
            }
            return new Spiffe(id);
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().put("id", id).put("scheme", "spiffe").build();
        }

        @Override
        public String text() {
            return id;
        }
    }

    /** A subject as an OpenID provider knows it: its issuer and what that calls it (OpenID Connect Core §2). */
    record Oidc(String issuer, String subject) implements OutsideName {
        private static final int ISSUER_MAX = 2048;
        private static final int SUBJECT_MAX = 255;

        static Oidc of(String issuer, String subject) throws FormatException {
            boolean ascii = subject.chars().allMatch(c -> c >= ' ' && c <= '~');
            if (!isIssuer(issuer) || subject.isEmpty() || subject.length() > SUBJECT_MAX || !ascii) {
                throw new FormatException(
                        "oidc-syntax",
                        "an issuer is an https URL without query or fragment, a subject 1 to 255 ASCII characters");
            }
            return new Oidc(issuer, subject);
        }

        private static boolean isIssuer(String text) {
            try {
                URI uri = new URI(text);
                return text.length() <= ISSUER_MAX
                        && "https".equals(uri.getScheme())
                        && uri.getHost() != null
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null
                        && uri.getRawUserInfo() == null;
            } catch (URISyntaxException e) {
                return false;
            }
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("issuer", issuer)
                    .put("scheme", "oidc")
                    .put("subject", subject)
                    .build();
        }

        @Override
        public String text() {
            return issuer + " " + subject;
        }
    }

    /** A user of the machine that a node runs on, as its kernel says who is at the other end of a Unix socket. */
    record OsUser(String user) implements OutsideName {
        private static final int LENGTH_MAX = 255;

        static OsUser of(String user) throws FormatException {
            boolean visible = user.chars().allMatch(c -> c > ' ' && c <= '~' && c != '/' && c != ':');
            if (user.isEmpty() || user.length() > LENGTH_MAX || !visible) {
                throw new FormatException(
                        "os-user-syntax",
                        "a user of the machine has 1 to 255 visible ASCII characters, no slash or colon");
            }
            return new OsUser(user);
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("scheme", "os-user")
                    .put("user", user)
                    .build();
        }

        @Override
        public String text() {
            return "user " + user;
        }
    }

    Json.Obj toJson();

    /** The name as people write it. */
    String text();

    /** SHA-256 of {@code jurat/outside-name/v1}, a zero byte, and the canonical object. */
    default Hash digest() {
        return Hash.of("jurat/outside-name/v1\0".getBytes(StandardCharsets.US_ASCII), CanonicalJson.write(toJson()));
    }

    /** The SPIFFE id of a workload; {@code spiffe-syntax}. */
    static OutsideName spiffe(String id) throws FormatException {
        return Spiffe.of(id);
    }

    /** The subject of an issuer; {@code oidc-syntax}. */
    static OutsideName oidc(String issuer, String subject) throws FormatException {
        return Oidc.of(issuer, subject);
    }

    /** A user of the node's machine; {@code os-user-syntax}. */
    static OutsideName osUser(String user) throws FormatException {
        return OsUser.of(user);
    }

    static OutsideName read(Fields in) throws FormatException {
        OutsideName name = switch (in.string("scheme")) {
            case "spiffe" -> Spiffe.of(in.string("id"));
            case "oidc" -> Oidc.of(in.string("issuer"), in.string("subject"));
            case "os-user" -> OsUser.of(in.string("user"));
            default -> throw new FormatException("value-unknown", "an outside name is of spiffe, oidc or os-user");
        };
        in.end();
        return name;
    }
}
