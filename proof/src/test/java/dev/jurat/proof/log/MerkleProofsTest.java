package dev.jurat.proof.log;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MerkleProofsTest {
    private static final int LEAVES = 130;
    private static final List<byte[]> ENTRIES = entries(new Random(6962));
    private static final MerkleTree TREE =
            MerkleTree.of(ENTRIES.stream().map(Rfc6962::leafHash).toList());

    @ParameterizedTest
    @CsvSource({
        "0,e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "1,6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "2,fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "3,aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "4,d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "5,4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "6,76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "7,ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "8,5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    })
    void rootsOfTheCertificateTransparencyExampleTree(int size, String root) {
        List<Hash> leaves = List.of(
                        "",
                        "00",
                        "10",
                        "2021",
                        "3031",
                        "40414243",
                        "5051525354555657",
                        "606162636465666768696a6b6c6d6e6f")
                .subList(0, size)
                .stream()
                .map(hex -> Rfc6962.leafHash(HexFormat.of().parseHex(hex)))
                .toList();
        assertEquals(root, Rfc6962.root(leaves).hex());
    }

    @Test
    void rootsAndPeaksFollowTheRecursiveDefinition() {
        RightEdge edge = RightEdge.empty();
        for (int n = 0; n <= LEAVES; n++) {
            Hash root = naiveRoot(n);
            assertEquals(root, edge.root());
            assertEquals(root, TREE.root(new TreeSize(n)));
            assertEquals(root, RightEdge.of(new TreeSize(n), TREE).root());
            assertEquals(root, RightEdge.of(edge.size(), edge.peaks()).root());
            if (n < LEAVES) {
                assertEquals(new LeafIndex(n), edge.append(Rfc6962.leafHash(ENTRIES.get(n))));
            }
        }
    }

    @Test
    void everyInclusionProofIsTheRecursiveOneAndVerifies() throws FormatException {
        for (int n = 1; n <= LEAVES; n++) {
            Hash root = TREE.root(new TreeSize(n));
            for (int m = 0; m < n; m++) {
                InclusionProof proof = InclusionProof.make(TREE, new LeafIndex(m), new TreeSize(n));
                if (n % 7 == 0 || n < 20) {
                    assertEquals(NaiveTree.hex(NaiveTree.path(m, ENTRIES.subList(0, n))), hex(proof.path()));
                }
                proof.verify(leaf(m), root);
            }
        }
    }

    @Test
    void everyConsistencyProofIsTheRecursiveOneAndVerifies() throws FormatException {
        for (int n = 1; n <= LEAVES; n++) {
            for (int m = 0; m <= n; m++) {
                ConsistencyProof proof = ConsistencyProof.make(TREE, new TreeSize(m), new TreeSize(n));
                if (m > 0 && (n % 7 == 0 || n < 20)) {
                    assertEquals(NaiveTree.hex(NaiveTree.proof(m, ENTRIES.subList(0, n))), hex(proof.path()));
                }
                proof.verify(TREE.root(new TreeSize(m)), TREE.root(new TreeSize(n)));
            }
        }
    }

    @Test
    void everyMutationOfAnInclusionProofIsRefused() {
        for (int n = 1; n <= LEAVES; n++) {
            Hash root = TREE.root(new TreeSize(n));
            for (int m = 0; m < n; m++) {
                InclusionProof proof = InclusionProof.make(TREE, new LeafIndex(m), new TreeSize(n));
                for (List<Hash> path : mutations(proof.path())) {
                    InclusionProof mutated = new InclusionProof(proof.index(), proof.size(), path);
                    refused(
                            "inclusion-proof-invalid",
                            () -> mutated.verify(leaf(mutated.index().value()), root));
                }
                int leaf = m;
                refused("inclusion-proof-invalid", () -> proof.verify(flip(leaf(leaf)), root));
                refused("inclusion-proof-invalid", () -> proof.verify(leaf(leaf), flip(root)));
            }
        }
    }

    @Test
    void aLeafProvesNoOtherIndex() {
        for (int n = 2; n <= LEAVES; n += 3) {
            TreeSize size = new TreeSize(n);
            Hash root = TREE.root(size);
            for (int m = 0; m < n; m++) {
                InclusionProof proof = InclusionProof.make(TREE, new LeafIndex(m), size);
                for (int other = 0; other < n; other++) {
                    if (other != m) {
                        InclusionProof moved = new InclusionProof(new LeafIndex(other), size, proof.path());
                        Hash leaf = leaf(m);
                        refused("inclusion-proof-invalid", () -> moved.verify(leaf, root));
                    }
                }
                InclusionProof beyond = new InclusionProof(new LeafIndex(n), size, proof.path());
                Hash leaf = leaf(m);
                refused("leaf-index-beyond-size", () -> beyond.verify(leaf, root));
            }
        }
    }

    @Test
    void everyMutationOfAConsistencyProofIsRefused() {
        for (int n = 1; n <= LEAVES; n++) {
            Hash to = TREE.root(new TreeSize(n));
            for (int m = 0; m <= n; m++) {
                Hash from = TREE.root(new TreeSize(m));
                ConsistencyProof proof = ConsistencyProof.make(TREE, new TreeSize(m), new TreeSize(n));
                for (List<Hash> path : mutations(proof.path())) {
                    ConsistencyProof mutated = new ConsistencyProof(proof.from(), proof.to(), path);
                    refused("consistency-proof-invalid", () -> mutated.verify(from, to));
                }
                refused("consistency-proof-invalid", () -> proof.verify(flip(from), to));
                if (m > 0) {
                    refused("consistency-proof-invalid", () -> proof.verify(from, flip(to)));
                }
            }
        }
    }

    @Test
    void sizesThatShrinkAreNoExtension() {
        ConsistencyProof proof = new ConsistencyProof(new TreeSize(5), new TreeSize(4), List.of());
        refused("consistency-sizes", () -> proof.verify(naiveRoot(5), naiveRoot(4)));
    }

    @Test
    void proofsAtTheGreatestSizesEnd() {
        Hash hash = Hash.ZERO;
        InclusionProof proof = InclusionProof.make(
                (level, index) -> hash, new LeafIndex(Long.MAX_VALUE - 1), new TreeSize(Long.MAX_VALUE));
        assertDoesNotThrow(() -> proof.root(hash));
        refused(
                "inclusion-proof-invalid",
                () -> new InclusionProof(new LeafIndex(0), new TreeSize(Long.MAX_VALUE), List.of()).root(hash));
    }

    /** Each hash with a bit flipped, each left out, each doubled, and one added at either end. */
    private static List<List<Hash>> mutations(List<Hash> path) {
        List<List<Hash>> all = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            List<Hash> flipped = new ArrayList<>(path);
            flipped.set(i, flip(path.get(i)));
            all.add(flipped);
            List<Hash> shorter = new ArrayList<>(path);
            shorter.remove(i);
            all.add(shorter);
            List<Hash> doubled = new ArrayList<>(path);
            doubled.add(i, path.get(i));
            all.add(doubled);
        }
        List<Hash> first = new ArrayList<>(path);
        first.addFirst(Hash.ZERO);
        all.add(first);
        List<Hash> last = new ArrayList<>(path);
        last.add(Hash.ZERO);
        all.add(last);
        return all;
    }

    private static Hash flip(Hash hash) {
        byte[] bytes = hash.bytes();
        bytes[bytes[0] & 31] ^= 1;
        return Hash.ofBytes(bytes);
    }

    private static Hash leaf(long index) {
        return Rfc6962.leafHash(ENTRIES.get((int) index));
    }

    private static Hash naiveRoot(int size) {
        return Hash.ofBytes(NaiveTree.root(ENTRIES.subList(0, size)));
    }

    private static List<String> hex(List<Hash> hashes) {
        return hashes.stream().map(Hash::hex).toList();
    }

    private static void refused(String code, Executable check) {
        assertEquals(code, assertThrows(FormatException.class, check).code());
    }

    private static List<byte[]> entries(Random random) {
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < LEAVES; i++) {
            byte[] entry = new byte[random.nextInt(40)];
            random.nextBytes(entry);
            entries.add(entry);
        }
        return entries;
    }
}
