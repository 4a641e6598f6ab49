package dev.jurat.custody.kms;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Which key service is asked.
 *
 * <p>Security property: what a signature of a question covers is the host that is asked, and no part of the address goes elsewhere.
 *
 * @param endpoint where it is, a host and perhaps a port: by TLS, or in the clear on this machine alone, as in tests
 */
public record AwsKmsConfig(String region, URI endpoint, Duration timeout) {
    public static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Set<String> HERE = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final int REGION_CHARACTERS_MAX = 40;

    public AwsKmsConfig {
        boolean tls = "https".equals(endpoint.getScheme());
        boolean here = "http".equals(endpoint.getScheme()) && HERE.contains(String.valueOf(endpoint.getHost()));
        if (!tls && !here) {
            throw CustodyException.of(
                    CustodyCode.UNSAFE, "a key service is asked by TLS: its address begins with https://");
        }
        if (!isHostAlone(endpoint)) {
            // Not shown: what is too much in it may be a password.
            throw CustodyException.of(
                    CustodyCode.UNSAFE, "the address of a key service has a host, perhaps a port, and nothing else");
        }
        requireRegion(region);
    }

    private static boolean isHostAlone(URI endpoint) {
        return endpoint.getHost() != null
                && endpoint.getRawUserInfo() == null
                && endpoint.getRawQuery() == null
                && endpoint.getRawFragment() == null
                && Set.of("", "/").contains(endpoint.getRawPath());
    }

    private static String requireRegion(String region) {
        if (region.length() > REGION_CHARACTERS_MAX || !region.matches("[a-z]+(-[a-z0-9]+)+")) {
            throw CustodyException.of(CustodyCode.MISSING, "this is no region, as eu-central-1 is one");
        }
        return region;
    }

    /** The host as a request names it: without the port that its scheme has anyway. */
    String host() {
        int usual = "https".equals(endpoint.getScheme()) ? 443 : 80;
        return endpoint.getPort() == -1 || endpoint.getPort() == usual
                ? endpoint.getHost()
                : endpoint.getHost() + ":" + endpoint.getPort();
    }

    /** The service of a region. */
    public static AwsKmsConfig of(String region) {
        return new AwsKmsConfig(
                region, URI.create("https://kms." + requireRegion(region) + ".amazonaws.com/"), TIMEOUT);
    }

    /** The service of a region, by another address if there is one. */
    public static AwsKmsConfig of(String region, Optional<URI> endpoint) {
        return endpoint.map(other -> new AwsKmsConfig(region, other, TIMEOUT)).orElseGet(() -> of(region));
    }
}
