package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.BundleWriter;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.testkit.World;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** More than a bundle may hold is refused by a code, and the refusal says what to ask for instead. */
class LargeBundleTest {
    private static final int FILES_MAX = 65_535;

    private final World world = World.claimed();

    private FormatException refused(TreeMap<Long, SignedRecord> leaves, byte[] body) throws FormatException {
        MerkleTree tree = world.log().tree();
        BundleWriter writer = new BundleWriter(
                leaves,
                VerifiedCheckpoint.open(world.checkpoint(), world.logKey()),
                index -> InclusionProof.make(tree, index, tree.size()),
                index -> Optional.of(body),
                digest -> Optional.ofNullable(world.log().artefacts().get(digest)));
        return assertThrows(FormatException.class, () -> writer.write(new Scope.All()));
    }

    private TreeMap<Long, SignedRecord> leaves() {
        TreeMap<Long, SignedRecord> leaves = new TreeMap<>();
        world.log().leaves().forEach(leaf -> leaves.put((long) leaves.size(), leaf));
        return leaves;
    }

    private static void tells(FormatException refused) {
        assertEquals("bundle-large", refused.code());
        String text = String.valueOf(refused.getMessage());
        assertTrue(text.contains("65,535 files") && text.contains("256 MiB"), text);
        assertTrue(text.contains("a session or an action") && text.contains("jurat log audit"), text);
    }

    @Test
    void moreFilesThanADirectoryCountsAreWritten() throws Exception {
        TreeMap<Long, SignedRecord> leaves = leaves();
        SignedRecord last = leaves.lastEntry().getValue();
        while (leaves.size() <= FILES_MAX) {
            leaves.put((long) leaves.size(), last);
        }
        tells(refused(leaves, new byte[0]));
    }

    @Test
    void moreBytesThanAVerifierReadsAreWritten() throws Exception {
        for (int i = 0; i < 9; i++) {
            world.observation(world.point(), "m" + i).admit();
        }
        tells(refused(leaves(), new byte[32 << 20]));
    }
}
