package dev.jurat.gateway.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.sdk.JuratHome;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandsTest {
    private static final JuratHome HOME = new JuratHome(Path.of("/srv/a b"));

    @Test
    void aCommandMeansAnotherHomeThanTheWrappers() {
        Commands commands = Commands.of(HOME, Optional.empty());
        assertEquals(
                "an administrator runs: jurat agent resume --home '/srv/a b' helper  See jurat doctor --home '/srv/a b'",
                commands.complete("an administrator runs: jurat agent resume helper  See jurat doctor"));
        assertEquals("jurat mcp wrap --help", commands.complete("jurat mcp wrap --help"));
        assertEquals(
                "jurat operator enroll --home '/srv/a b' --name YOU",
                commands.complete("jurat operator enroll --name YOU"));
    }

    @Test
    void aCommandMeansAnotherNodeThanTheWrappers() {
        assertEquals(
                "jurat up --home '/srv/a b' --data /srv/node",
                Commands.of(HOME, Optional.of(Path.of("/srv/node/node.sock"))).complete("jurat up"));
        assertEquals(
                "jurat up --home '/srv/a b'",
                Commands.of(HOME, Optional.of(HOME.socket())).complete("jurat up"));
    }

    @Test
    void theUsualFoldersAreSpeltOut() {
        JuratHome usual = new JuratHome(Path.of(System.getenv("HOME"), ".jurat"));
        assertEquals("jurat up", Commands.of(usual, Optional.empty()).complete("jurat up"));
    }
}
