package dev.jurat.app.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Words of command lines, cut at spaces; a plus sign stands for a space in a word. */
class SecretArgumentsTest {
    private static List<String> found(String line) {
        List<String> words =
                List.of(line.split(" ")).stream().map(w -> w.replace('+', ' ')).toList();
        return SecretArguments.of(words);
    }

    @ParameterizedTest
    @CsvSource({
        "npx -y server --token=abcdef,                                    --token",
        "npx -y server --api-key hunter2,                                 --api-key",
        "npx server --apiKey=hunter2 --region north,                      --apiKey",
        "docker run -e GITHUB_PERSONAL_ACCESS_TOKEN=hunter2 image,        GITHUB_PERSONAL_ACCESS_TOKEN",
        "server -password hunter2,                                        -password",
        "server ghp_0123456789abcdefghijABCDEFGHIJ,                       argument 1",
        "server x 0123456789abcdef0123456789abcdef,                       argument 2",
        "server aB3dE5gH7jK9mN1pQ3sT5vW7,                                 argument 1",
        "npx pg postgresql://ann:hunter2@localhost/db,                    argument 2",
        "npx remote https://example.com/sse?api_key=hunter2,              argument 2",
        "npx remote --header Authorization:+Bearer+hunter2,               --header",
    })
    void aSecretOnACommandLineIsNotSeen(String line, String named) {
        assertEquals(List.of(named), found(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "npx -y @modelcontextprotocol/server-filesystem@2026.8.31 /srv/data",
                "node /home/ann/.nvm/versions/node/v24.11.0/lib/node_modules/Server/dist/index.js /srv",
                "docker run -i --rm -e GITHUB_TOKEN ghcr.io/github/github-mcp-server",
                "server --token=${TOKEN} --key-file=/etc/key.pem --max-tokens=4000 --token-limit 100",
                "server --key /etc/ssl/key.pem --public-key abcdef --api-key-env OPENAI --password",
                "server --keyboard us --author ann --session-id 0f8fad5b-d9cb-469f-a165-70867728950e",
                "uvx --from git+https://github.com/a/b@0123456789abcdef0123456789abcdef01234567 tool",
                "npx pg postgresql://localhost/db?sslmode=require postgresql://ann:${PASSWORD}@localhost/db",
                "npx remote https://example.com/sse --header Authorization:+Bearer+${TOKEN}",
                "python3 -m server_of_a_very_long_name_indeed --transport stdio --verbose",
            })
    void aHarmlessWordIsCalledASecret(String line) {
        assertEquals(List.of(), found(line));
    }
}
