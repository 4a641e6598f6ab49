package main

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	bytesMax   = 32 << 20
)

// served is a log as one address serves it.
type served struct {
	ctx  context.Context
	url  string
	kept map[tlog.Tile][]byte
}

func (s served) get(path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(s.ctx, http.MethodGet, s.url+"/"+path, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers with %s", path, answer.Status)
	}
	return io.ReadAll(io.LimitReader(answer.Body, bytesMax))
}

// Height is that of C2SP tiles.
func (s served) Height() int { return tileHeight }

// ReadTiles reads tiles where C2SP puts them: without the height that sumdb has in its paths.
func (s served) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		if kept, there := s.kept[tile]; there {
			all = append(all, kept)
			continue
		}
		bytes, err := s.get(strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		all = append(all, bytes)
	}
	return all, nil
}

// SaveTiles keeps what was found to belong to the checkpoint's tree.
func (s served) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, tile := range tiles {
		s.kept[tile] = data[i]
	}
}

func (s served) checkpoint(vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := s.get("checkpoint")
	if err != nil {
		return tlog.Tree{}, err
	}
	return openCheckpoint(signed, verifier)
}

func openCheckpoint(signed []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not three lines of %s: %q", verifier.Name(), opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// leaves reads all entries below a size.
func (s served) leaves(size int64) ([][]byte, error) {
	var all [][]byte
	for index := int64(0); index*tileWidth < size; index++ {
		tile := tlog.Tile{H: tileHeight, L: 0, N: index, W: int(min(tileWidth, size-index*tileWidth))}
		bundle, err := s.get(strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1))
		if err != nil {
			return nil, err
		}
		for len(bundle) > 1 {
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			if end > len(bundle) {
				return nil, errors.New("a bundle ends within an entry")
			}
			all = append(all, bundle[2:end])
			bundle = bundle[end:]
		}
	}
	if int64(len(all)) != size {
		return nil, fmt.Errorf("%d entries, not %d", len(all), size)
	}
	return all, nil
}

func sumdb(ctx context.Context, url, vkey string) error {
	log := served{ctx, strings.TrimSuffix(url, "/"), map[tlog.Tile][]byte{}}
	tree, err := log.checkpoint(vkey)
	if err != nil {
		return err
	}
	leaves, err := log.leaves(tree.N)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tree, log)
	for i, leaf := range leaves {
		if err := log.included(reader, tree, int64(i), tlog.RecordHash(leaf)); err != nil {
			return fmt.Errorf("leaf %d: %w", i, err)
		}
		if i%17 == 0 {
			if err := log.proven(vkey, int64(i), tlog.RecordHash(leaf)); err != nil {
				return fmt.Errorf("proof of leaf %d: %w", i, err)
			}
		}
	}
	for from := int64(1); from <= tree.N; from += 1 + from/8 {
		if err := log.extended(reader, tree, from); err != nil {
			return fmt.Errorf("from size %d: %w", from, err)
		}
	}
	fmt.Printf("size %d\n", tree.N)
	return nil
}

// included proves a leaf by the tiles; of every seventeenth, the log's own proof has to be the same.
func (s served) included(reader tlog.HashReader, tree tlog.Tree, index int64, leaf tlog.Hash) error {
	proof, err := tlog.ProveRecord(tree.N, index, reader)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf); err != nil || index%17 != 0 {
		return err
	}
	return s.same(fmt.Sprintf("inclusion/%d/%d", index, tree.N), proof)
}

// proven checks the proof file that the log gives of a leaf: a header, the index, hashes, an empty line, a checkpoint.
func (s served) proven(vkey string, index int64, leaf tlog.Hash) error {
	file, err := s.get(fmt.Sprintf("proof/%d.tlog-proof", index))
	if err != nil {
		return err
	}
	head, signed, _ := strings.Cut(string(file), "\n\n")
	lines := strings.Split(head, "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || lines[1] != fmt.Sprintf("index %d", index) {
		return fmt.Errorf("it begins with %q", head)
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	tree, err := openCheckpoint([]byte(signed), verifier)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf)
}

func (s served) extended(reader tlog.HashReader, tree tlog.Tree, from int64) error {
	before, err := tlog.TreeHash(from, reader)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(tree.N, from, reader)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, from, before); err != nil {
		return err
	}
	return s.same(fmt.Sprintf("consistency/%d/%d", from, tree.N), proof)
}

// same says whether the log answers with these hashes under a path.
func (s served) same(path string, proof []tlog.Hash) error {
	said, err := s.get(path)
	if err != nil {
		return err
	}
	var answer struct{ Path []string }
	if err := json.Unmarshal(said, &answer); err != nil {
		return err
	}
	if len(answer.Path) != len(proof) {
		return fmt.Errorf("%s has %d hashes, not %d", path, len(answer.Path), len(proof))
	}
	for i, hash := range proof {
		if answer.Path[i] != hex.EncodeToString(hash[:]) {
			return fmt.Errorf("%s: hash %d is another", path, i)
		}
	}
	return nil
}
