package dev.jurat.custody.kms;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Our signature of a request beside that of AWS's own library, botocore, which comes with moto. */
class SigV4Test {
    private static final String THEIRS = """
            import sys, datetime
            import botocore.auth
            from botocore.awsrequest import AWSRequest
            from botocore.credentials import Credentials
            at = datetime.datetime(2026, 11, 23, 1, 2, 3)
            class Clock(datetime.datetime):
                @classmethod
                def utcnow(cls): return at
                @classmethod
                def now(cls, tz=None): return at
            if hasattr(botocore.auth, 'get_current_datetime'):
                botocore.auth.get_current_datetime = lambda *a, **k: at
            else:
                botocore.auth.datetime.datetime = Clock
            token = sys.argv[1] or None
            request = AWSRequest('POST', 'https://kms.eu-central-1.amazonaws.com/', data=sys.argv[2].encode(), headers={
                'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.Sign'})
            botocore.auth.SigV4Auth(Credentials('AKIDEXAMPLE', 'wJalr+/secret', token), 'kms', 'eu-central-1').add_auth(request)
            print(request.headers['Authorization'])
            """;

    @Test
    void aRequestIsSignedAsNobodyElseDoes() throws Exception {
        Path python = MotoServer.python();
        for (String token : List.of("", "session/token==")) {
            String body = "{\"KeyId\":\"alias/jurat/a\"}";
            AwsCredentials who = new AwsCredentials(
                    "AKIDEXAMPLE", "wJalr+/secret", Optional.of(token).filter(t -> !t.isEmpty()));
            Map<String, String> ours = new SigV4(who, "eu-central-1", "kms")
                    .headers(
                            new TreeMap<>(Map.of(
                                    "content-type", "application/x-amz-json-1.1",
                                    "host", "kms.eu-central-1.amazonaws.com",
                                    "x-amz-target", "TrentService.Sign")),
                            body.getBytes(StandardCharsets.UTF_8),
                            Instant.parse("2026-11-23T01:02:03Z"));
            Process process = new ProcessBuilder(python.toString(), "-c", THEIRS, token, body)
                    .redirectErrorStream(true)
                    .start();
            String theirs = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertEquals(theirs, ours.get("authorization"));
        }
    }
}
