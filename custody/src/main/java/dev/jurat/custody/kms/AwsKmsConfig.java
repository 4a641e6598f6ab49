package dev.jurat.custody.kms;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * Which key service is asked.
 *
 * @param endpoint where it is: by TLS, or in the clear on this machine alone, as in tests
 */
public record AwsKmsConfig(String region, URI endpoint, Duration timeout) {
    public static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Set<String> HERE = Set.of("127.0.0.1", "localhost", "[::1]");

    public AwsKmsConfig {
        boolean tls = "https".equals(endpoint.getScheme());
        boolean here = "http".equals(endpoint.getScheme()) && HERE.contains(String.valueOf(endpoint.getHost()));
        if (!tls && !here) {
            throw CustodyException.of(CustodyCode.UNSAFE, "a key service is asked by TLS: https, not " + endpoint);
        }
        if (!region.matches("[a-z0-9-]{1,40}")) {
            throw CustodyException.of(CustodyCode.MISSING, "this is no region");
        }
    }

    /** The service of a region. */
    public static AwsKmsConfig of(String region) {
        return new AwsKmsConfig(region, URI.create("https://kms." + region + ".amazonaws.com/"), TIMEOUT);
    }
}
