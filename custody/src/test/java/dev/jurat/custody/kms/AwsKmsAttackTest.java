package dev.jurat.custody.kms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key service that lies, whoever is in its place, and configurations that lead elsewhere. */
class AwsKmsAttackTest {
    private static final String SECRET = "very-secret-access-key";
    private static final String TOKEN = "very-secret-token";
    private static final Map<String, String> WHO =
            Map.of("AWS_ACCESS_KEY_ID", "AKIDTEST", "AWS_SECRET_ACCESS_KEY", SECRET, "AWS_SESSION_TOKEN", TOKEN);
    private static final byte[] MESSAGE = {1, 2, 3};
    private static final String ARN = "arn:aws:kms:eu-central-1:111122223333:key/1";

    private static CustodyException refused(CustodyCode code, Executable asked) {
        CustodyException e = assertThrows(CustodyException.class, asked);
        assertEquals(code, e.code(), () -> String.valueOf(e.getMessage()));
        assertFalse(shown(e).contains("very-secret"), "a credential is shown");
        return e;
    }

    /** All that a handler of errors could print. */
    private static String shown(Exception e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static KeyPair pair(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String publicKey(String id, byte[] spki) {
        return "{\"KeyId\":\"" + id + "\",\"PublicKey\":\"" + base64(spki) + "\"}";
    }

    private static byte[] der(KeyPair pair, byte[] message) throws Exception {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(message);
        return signature.sign();
    }

    // ---- where the question goes

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsFollowedWithCredentials(int status) {
        try (LyingService elsewhere = LyingService.saying(Map.of());
                LyingService service = new LyingService((action, question, exchange) -> {
                    exchange.getResponseHeaders()
                            .add("location", elsewhere.address().toString());
                    LyingService.say(exchange, status, "{}");
                })) {
            assertThrows(
                    CustodyException.class,
                    () -> AwsKmsCustody.of(service.config(), WHO).open("a"));
            assertEquals(List.of("GetPublicKey"), service.asked);
            assertEquals(List.of(), elsewhere.asked, "who is named there has the signed question and the token");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://very-secret-name:very-secret-word@kms.example/",
                "http://very-secret-word@127.0.0.1/",
                "http://very-secret-word@kms.example/",
                "https://kms.example/path",
                "https://kms.example/?very-secret",
                "https://kms.example/#very-secret",
                "https:kms.example",
                "https:///",
                "https://kms_example/",
                "https://-/",
                "HTTPS+x://kms.example/",
                "http://127.0.0.1.example/",
                "http://127.1/",
                "http://localhost.example/",
                "file:///etc/passwd",
            })
    void anAddressThatIsMoreThanAHostIsTaken(String address) {
        refused(CustodyCode.UNSAFE, () -> new AwsKmsConfig("eu-central-1", URI.create(address), Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "eu",
                "eu central 1",
                "eu-central-1/",
                "evil.example/",
                "evil.example#",
                "eu-central-1.evil.example",
                "eu-central-1@evil.example",
                "eu-central-1\n",
                "EU-CENTRAL-1",
                "eu--1",
                "eu-central-",
                "\u0435u-central-1",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1"
            })
    void aRegionLeadsElsewhere(String region) {
        refused(CustodyCode.MISSING, () -> AwsKmsConfig.of(region));
    }

    @Test
    void aHostIsSignedOtherwiseThanItIsAsked() {
        assertEquals(
                "kms.eu-central-1.amazonaws.com",
                AwsKmsConfig.of("eu-central-1").host());
        for (Map.Entry<String, String> one : Map.of(
                        "https://kms.example:443/", "kms.example",
                        "https://kms.example:8443", "kms.example:8443",
                        "http://127.0.0.1:80/", "127.0.0.1",
                        "http://[::1]:5000/", "[::1]:5000")
                .entrySet()) {
            AwsKmsConfig config = new AwsKmsConfig("eu-central-1", URI.create(one.getKey()), Duration.ofSeconds(1));
            assertEquals(one.getValue(), config.host());
        }
        try (LyingService service = new LyingService((action, question, exchange) -> {
            String host = String.valueOf(exchange.getRequestHeaders().getFirst("host"));
            LyingService.say(exchange, 400, "{\"__type\":\"" + host.replaceAll("[^0-9]", "x") + "\"}");
        })) {
            CustodyException e = refused(
                    CustodyCode.DENIED,
                    () -> AwsKmsCustody.of(service.config(), WHO).list());
            assertTrue(
                    String.valueOf(e.getMessage())
                            .endsWith(service.config().host().replaceAll("[^0-9]", "x")),
                    e.getMessage());
        }
    }

    // ---- credentials

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", " ", "\r\nx-amz-target: TrentService.Encrypt", "\u0000", "\u00e9"})
    void acredentialThatIsNoHeaderIsShown(String more) {
        for (String name : WHO.keySet()) {
            Map<String, String> environment = new HashMap<>(WHO);
            environment.merge(name, more, String::concat);
            try (LyingService service = LyingService.saying(Map.of())) {
                refused(
                        CustodyCode.LOCKED,
                        () -> AwsKmsCustody.of(service.config(), environment).list());
                assertEquals(List.of(), service.asked);
            }
        }
    }

    @Test
    @Timeout(20)
    void aFileOfCredentialsThatIsNoneIsRead(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", "-m", "600", pipe.toString())
                        .start()
                        .waitFor());
        refused(CustodyCode.UNSAFE, () -> AwsCredentials.of(Map.of("AWS_SHARED_CREDENTIALS_FILE", pipe.toString())));
        Path huge = Files.write(folder.resolve("huge"), new byte[300_000]);
        Files.setPosixFilePermissions(huge, PosixFilePermissions.fromString("rw-------"));
        refused(CustodyCode.UNSAFE, () -> AwsCredentials.of(Map.of("AWS_SHARED_CREDENTIALS_FILE", huge.toString())));
    }

    /** The folder that a command runs in can be anybody's. */
    @Test
    void credentialsAreTakenFromTheFolderThatThisRunsIn() {
        for (Map<String, String> environment : List.of(Map.<String, String>of(), Map.of("HOME", ""))) {
            CustodyException e = refused(CustodyCode.LOCKED, () -> AwsCredentials.of(environment));
            assertTrue(String.valueOf(e.getMessage()).contains("no HOME"), e.getMessage());
        }
    }

    // ---- what comes back

    @Test
    void aSignatureOfAnotherKeyOrNoneIsHandedOn() throws Exception {
        KeyPair ours = pair("secp256r1");
        KeyPair another = pair("secp256r1");
        AtomicReference<String> said = new AtomicReference<>("");
        try (LyingService service = new LyingService((action, question, exchange) -> LyingService.say(
                exchange,
                200,
                action.equals("Sign")
                        ? "{\"Signature\":\"" + said.get() + "\"}"
                        : publicKey(ARN, ours.getPublic().getEncoded())))) {
            KeptKey key = AwsKmsCustody.of(service.config(), WHO).open("a");
            said.set(base64(der(ours, MESSAGE)));
            assertTrue(key.verifyKey().verifies(MESSAGE, key.sign(MESSAGE)), "or nothing below is shown");
            for (byte[] bad : List.of(
                    der(another, MESSAGE),
                    der(ours, new byte[] {1, 2, 4}),
                    new byte[0],
                    new byte[64],
                    HexFormat.of().parseHex("3006020101020101"),
                    HexFormat.of().parseHex("3006020100020100"))) {
                said.set(base64(bad));
                refused(CustodyCode.FAILED, () -> key.sign(MESSAGE));
            }
            said.set("%%");
            refused(CustodyCode.DAMAGED, () -> key.sign(MESSAGE));
        }
    }

    @Test
    void aPublicKeyOffTheCurveOrInAnotherFormIsTaken() throws Exception {
        byte[] spki = pair("secp256r1").getPublic().getEncoded();
        byte[] off = spki.clone();
        off[spki.length - 1] ^= 1;
        byte[] zero = spki.clone();
        java.util.Arrays.fill(zero, spki.length - 64, spki.length, (byte) 0);
        byte[] hybrid = spki.clone();
        hybrid[spki.length - 65] = 6;
        byte[] compressed = HexFormat.of().parseHex("3039301306072a8648ce3d020106082a8648ce3d030107032200");
        compressed = java.util.Arrays.copyOf(compressed, compressed.length + 33);
        System.arraycopy(spki, spki.length - 64, compressed, compressed.length - 32, 32);
        compressed[compressed.length - 33] = 2;
        for (byte[] bad : List.of(
                off,
                zero,
                hybrid,
                compressed,
                java.util.Arrays.copyOf(spki, spki.length - 1),
                java.util.Arrays.copyOf(spki, spki.length + 1),
                pair("secp384r1").getPublic().getEncoded())) {
            try (LyingService service = LyingService.saying(Map.of("GetPublicKey", publicKey(ARN, bad)))) {
                CustodyException e = assertThrows(
                        CustodyException.class,
                        () -> AwsKmsCustody.of(service.config(), WHO).open("a"));
                assertTrue(List.of(CustodyCode.SUITE, CustodyCode.DAMAGED).contains(e.code()), e.getMessage());
            }
        }
    }

    /** A key that was asked for by its alias would be whichever the alias leads to at each signature. */
    @ParameterizedTest
    @ValueSource(strings = {"", "alias/jurat/a", "arn:aws:kms:eu-central-1:111122223333:alias/jurat/a"})
    void aKeyIsAskedForByItsAlias(String id) throws Exception {
        String answer = publicKey(id, pair("secp256r1").getPublic().getEncoded());
        try (LyingService service = LyingService.saying(Map.of("GetPublicKey", answer))) {
            refused(
                    CustodyCode.DAMAGED,
                    () -> AwsKmsCustody.of(service.config(), WHO).open("a"));
        }
    }

    @Test
    void aTextOfTheServicesIsShown() {
        String text = "\\u001b]0;gone\\u0007 call this number";
        try (LyingService service = new LyingService(
                (action, question, exchange) -> LyingService.say(exchange, 400, "{\"__type\":\"" + text + "\"}"))) {
            CustodyException e = refused(
                    CustodyCode.DENIED,
                    () -> AwsKmsCustody.of(service.config(), WHO).list());
            assertEquals("the key service refuses ListAliases: status 400", e.getMessage());
        }
    }

    @Test
    @Timeout(20)
    void anAnswerWithoutEndIsRead() {
        try (LyingService service = new LyingService((action, question, exchange) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] much = new byte[1 << 16];
            for (int i = 0; i < 1 << 14; i++) {
                exchange.getResponseBody().write(much);
            }
        })) {
            refused(
                    CustodyCode.MISSING,
                    () -> AwsKmsCustody.of(service.config(), WHO).list());
        }
    }

    /** Nothing is known of what was done: a second question could make a second key, or pay for a second signature. */
    @Test
    void aQuestionThatWasNotAnsweredIsAskedAgain() {
        try (LyingService service = new LyingService((action, question, exchange) -> {})) {
            refused(
                    CustodyCode.MISSING,
                    () -> AwsKmsCustody.of(service.config(), WHO).list());
            assertEquals(List.of("ListAliases"), service.asked);
        }
        for (int status : new int[] {401, 407, 408, 429, 500, 503}) {
            try (LyingService service =
                    new LyingService((action, question, exchange) -> LyingService.say(exchange, status, "{}"))) {
                assertThrows(
                        CustodyException.class,
                        () -> AwsKmsCustody.of(service.config(), WHO).list());
                assertEquals(List.of("ListAliases"), service.asked, "status " + status);
            }
        }
    }

    @Test
    void aClockThatIsWrongIsTakenForCredentials() {
        for (String type : List.of("InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired")) {
            try (LyingService service = new LyingService(
                    (action, question, exchange) -> LyingService.say(exchange, 400, "{\"__type\":\"" + type + "\"}"))) {
                CustodyException e = refused(
                        CustodyCode.LOCKED,
                        () -> AwsKmsCustody.of(service.config(), WHO).list());
                assertTrue(e.next().contains("clock"), e.next());
            }
        }
    }

    // ---- an alias that somebody leads elsewhere

    private static void lead(URI moto, String alias, String id) {
        try (KmsClient client = new KmsClient(
                new AwsKmsConfig("eu-central-1", moto, Duration.ofSeconds(5)), () -> AwsCredentials.of(WHO))) {
            client.tell(
                    "UpdateAlias",
                    JsonBuilder.object()
                            .put("AliasName", alias)
                            .put("TargetKeyId", id)
                            .build());
        }
    }

    private static String made(URI moto) {
        try (KmsClient client = new KmsClient(
                new AwsKmsConfig("eu-central-1", moto, Duration.ofSeconds(5)), () -> AwsCredentials.of(WHO))) {
            return KmsRefusal.text(
                    (dev.jurat.proof.contract.ForeignJson.Obj) client.ask(
                                    "CreateKey",
                                    JsonBuilder.object()
                                            .put("KeySpec", "ECC_NIST_P256")
                                            .put("KeyUsage", "SIGN_VERIFY")
                                            .build())
                            .members()
                            .get("KeyMetadata"),
                    "KeyId");
        }
    }

    /** Who may change aliases has another key used from the next start on; a key that is open stays what it is. */
    @Test
    void anAliasThatIsLedElsewhereChangesAKey() throws Exception {
        try (MotoServer moto = MotoServer.start()) {
            String theirs = made(moto.address());
            AtomicReference<String> after = new AtomicReference<>("");
            try (LyingService between = new LyingService((action, question, exchange) -> {
                        LyingService.pass(exchange, question, moto.address());
                        if (action.equals(after.get())) {
                            lead(moto.address(), "alias/jurat/a", theirs);
                        }
                    });
                    Custody custody = AwsKmsCustody.of(between.config(), WHO)) {
                KeptKey open = custody.make("a", Suite.P256_2026);
                lead(moto.address(), "alias/jurat/a", theirs);
                assertTrue(open.verifyKey().verifies(MESSAGE, open.sign(MESSAGE)));
                assertFalse(custody.open("a").verifyKey().equals(open.verifyKey()), "the alias was led elsewhere");
                custody.destroy("a");

                after.set("CreateAlias");
                KeptKey made = custody.make("a", Suite.P256_2026);
                assertFalse(
                        made.verifyKey().equals(custody.open("a").verifyKey()), "made is what was there, and theirs");
                custody.destroy("a");

                after.set("");
                KeptKey another = custody.make("a", Suite.P256_2026);
                after.set("DescribeKey");
                assertEquals(another.verifyKey(), custody.evidence("a").key(), "what is said of one key, of another");
            }
        }
    }

    @Test
    void anErrorOfTheWayShowsACredential() throws IOException {
        URI address;
        try (LyingService gone = LyingService.saying(Map.of())) {
            address = gone.address();
        }
        AwsKmsConfig config = new AwsKmsConfig("eu-central-1", address, Duration.ofSeconds(5));
        refused(CustodyCode.MISSING, () -> AwsKmsCustody.of(config, WHO).list());
    }
}
