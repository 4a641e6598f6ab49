package dev.jurat.custody.kms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyClass;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyContract;
import dev.jurat.custody.CustodyException;
import dev.jurat.proof.crypto.Suite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsKmsCustodyTest extends CustodyContract {
    private static final Map<String, String> WHO =
            Map.of("AWS_ACCESS_KEY_ID", "AKIDTEST", "AWS_SECRET_ACCESS_KEY", "very-secret-access-key");
    private static @Nullable MotoServer moto;

    private boolean clean;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        moto = MotoServer.start();
    }

    @AfterAll
    static void stop() {
        if (moto != null) {
            moto.close();
        }
    }

    @Override
    protected Custody open() throws Exception {
        if (!clean) {
            moto.reset();
            clean = true;
        }
        return at(moto.address(), WHO);
    }

    private static Custody at(URI address, Map<String, String> environment) {
        return AwsKmsCustody.of(new AwsKmsConfig("eu-central-1", address, Duration.ofSeconds(5)), environment);
    }

    @Override
    protected CustodyClass kind() {
        return CustodyClass.SERVICE;
    }

    /** moto hashes a digest once more, so that only what is sent whole can be tried with it. */
    @Override
    protected List<Integer> lengths() {
        return List.of(1, 4096);
    }

    @Override
    protected Suite missing() {
        return Suite.ED25519_2026;
    }

    @Test
    void evidenceIsNotTheServices() throws Exception {
        try (Custody custody = open()) {
            custody.make("a.b", Suite.P256_2026);
            Map<String, String> facts = custody.evidence("a.b").facts();
            assertEquals("AWS_KMS", facts.get("origin"));
            assertEquals("ECC_NIST_P256", facts.get("keyspec"));
            assertTrue(facts.getOrDefault("arn", "").startsWith("arn:aws:kms:eu-central-1:"), facts.toString());
        }
    }

    @Test
    void aServiceThatIsNotThereIsWaitedFor() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        refused(
                CustodyCode.MISSING,
                () -> at(URI.create("http://127.0.0.1:" + port + "/"), WHO).list());
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI address = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
            AwsKmsConfig config = new AwsKmsConfig("eu-central-1", address, Duration.ofMillis(300));
            refused(CustodyCode.TIMEOUT, () -> AwsKmsCustody.of(config, WHO).list());
        }
    }

    /** The head comes at once, and then a byte now and then: whoever waits must not wait for the end. */
    @Test
    @Timeout(20)
    void anAnswerComesByteByByte() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
        AtomicBoolean over = new AtomicBoolean();
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100_000);
            while (!over.get()) {
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        });
        server.start();
        try {
            URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            AwsKmsConfig config = new AwsKmsConfig("eu-central-1", address, Duration.ofMillis(300));
            refused(CustodyCode.TIMEOUT, () -> AwsKmsCustody.of(config, WHO).list());
        } finally {
            over.set(true);
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://kms.example/", "http://127.0.0.1.example/", "ftp://127.0.0.1/", "kms"})
    void aServiceElsewhereIsAskedInTheClear(String address) {
        refused(CustodyCode.UNSAFE, () -> new AwsKmsConfig("eu-central-1", URI.create(address), Duration.ofSeconds(1)));
    }

    private static void answering(int status, String body, String code) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            Custody custody =
                    at(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"), WHO);
            CustodyException e = assertThrows(CustodyException.class, () -> custody.open("a"));
            assertEquals(code, e.code().text(), () -> String.valueOf(e.getMessage()));
            assertFalse((e + e.next()).contains("very-secret"));
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400,AccessDeniedException,custody-denied",
        "400,com.amazonaws.kms#KMSInvalidStateException,custody-denied",
        "400,NotFoundException,custody-key-unknown",
        "400,UnrecognizedClientException,custody-locked",
        "400,InvalidSignatureException,custody-locked",
        "400,ExpiredTokenException,custody-locked",
        "400,ThrottlingException,custody-busy",
        "400,LimitExceededException,custody-full",
        "500,KMSInternalException,custody-failed",
        "503,DependencyTimeoutException,custody-timeout",
        "400,SomethingNew,custody-denied",
    })
    void aRefusalHasAnotherCode(int status, String type, String code) throws IOException {
        answering(status, "{\"__type\":\"" + type + "\",\"message\":\"no\"}", code);
    }

    @Test
    void anAnswerOutOfFormIsTaken() throws IOException {
        answering(200, "<html>", "custody-damaged");
        answering(502, "<html>", "custody-damaged");
        answering(200, "{}", "custody-suite");
        answering(200, "{\"PublicKey\":\"%%\"}", "custody-damaged");
        answering(302, "", "custody-damaged");
        answering(200, "{\"PublicKey\":\"" + "A".repeat(300_000) + "\"}", "custody-missing");
    }

    @Test
    void credentialsAreTakenFromAFileThatOthersReadOrAreShown() throws IOException {
        Path file = folder.resolve("credentials");
        Files.writeString(
                file,
                "[other]\naws_access_key_id = X\n[default]\naws_access_key_id = AKID\naws_secret_access_key = very-secret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Map<String, String> environment = Map.of("AWS_SHARED_CREDENTIALS_FILE", file.toString());
        refused(CustodyCode.UNSAFE, () -> AwsCredentials.of(environment));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        AwsCredentials found = AwsCredentials.of(environment);
        assertEquals(new AwsCredentials("AKID", "very-secret", Optional.empty()), found);
        assertFalse(found.toString().contains("secret"), found.toString());
        Map<String, String> other = Map.of("AWS_SHARED_CREDENTIALS_FILE", file.toString(), "AWS_PROFILE", "other");
        refused(CustodyCode.LOCKED, () -> AwsCredentials.of(other));
        refused(CustodyCode.LOCKED, () -> AwsCredentials.of(Map.of("HOME", folder.toString())));
    }
}
