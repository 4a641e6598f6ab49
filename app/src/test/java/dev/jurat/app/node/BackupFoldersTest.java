package dev.jurat.app.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupFoldersTest {
    private static String refused(Path data, Path to, Path keys) {
        return assertThrows(FormatException.class, () -> BackupFolders.requireApart(data, to, Optional.of(keys)))
                .code();
    }

    @Test
    void aLinkLeadsKeysOrBackupIntoWhatTheyAreApartFrom(@TempDir Path folder) throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Path backup = Files.createDirectory(folder.resolve("backup"));
        Path intoBackup = Files.createSymbolicLink(folder.resolve("b"), backup);
        Path intoData = Files.createSymbolicLink(folder.resolve("d"), data);
        BackupFolders.requireApart(data, backup, Optional.of(folder.resolve("keys/new")));
        assertEquals("backup-inside", refused(data, backup, intoBackup.resolve("keys")));
        assertEquals("backup-inside", refused(data, intoData.resolve("backup"), folder.resolve("keys")));
        assertEquals("backup-inside", refused(data, backup, intoBackup.resolve("not/there/yet")));
    }
}
