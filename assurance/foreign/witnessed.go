package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	formats "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

// cosigned opens a note that the log and each of the witnesses have to have signed.
func cosigned(in io.Reader, log string, witnesses []string) error {
	signed, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(log)
	if err != nil {
		return err
	}
	known := []note.Verifier{verifier}
	for _, vkey := range witnesses {
		witness, err := formats.NewVerifierForCosignatureV1(vkey)
		if err != nil {
			return err
		}
		known = append(known, witness)
	}
	opened, err := note.Open(signed, note.VerifierList(known...))
	if err != nil {
		return err
	}
	if len(opened.Sigs) != len(known) {
		return fmt.Errorf("%d of %d have signed", len(opened.Sigs), len(known))
	}
	return inTime(opened, known[1:])
}

// inTime says whether each cosignature states a time that is about now.
func inTime(opened *note.Note, witnesses []note.Verifier) error {
	for _, signature := range opened.Sigs {
		for _, witness := range witnesses {
			if signature.Hash != witness.KeyHash() {
				continue
			}
			at, err := formats.CoSigV1Timestamp(signature)
			if err != nil {
				return err
			}
			if away := time.Since(at).Abs(); away > time.Hour {
				return fmt.Errorf("%s says %s, which is %s away", signature.Name, at, away)
			}
		}
	}
	return nil
}

func key(name, file string) error {
	secret, vkey, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return err
	}
	fmt.Println(vkey)
	return os.WriteFile(file, []byte(secret), 0o600)
}

// witnessed runs a log of Tessera's with so many entries, each awaited in a checkpoint that the witnesses have cosigned.
func witnessed(ctx context.Context, dir, keyFile, policyFile, entries string) error {
	count, err := strconv.Atoi(entries)
	if err != nil {
		return err
	}
	options, err := options(keyFile, policyFile)
	if err != nil {
		return err
	}
	driver, err := posix.New(ctx, posix.Config{Path: dir})
	if err != nil {
		return err
	}
	log, shutdown, reader, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		return err
	}
	awaiter := tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, 20*time.Millisecond)
	for i := range count {
		if _, _, err := awaiter.Await(ctx, log.Add(ctx, tessera.NewEntry(fmt.Appendf(nil, "entry %d", i)))); err != nil {
			return err
		}
	}
	checkpoint, err := reader.ReadCheckpoint(ctx)
	if err != nil {
		return err
	}
	fmt.Print(string(checkpoint))
	return shutdown(ctx)
}

func options(keyFile, policyFile string) (*tessera.AppendOptions, error) {
	secret, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
	}
	signer, err := note.NewSigner(string(secret))
	if err != nil {
		return nil, err
	}
	policy, err := os.ReadFile(policyFile)
	if err != nil {
		return nil, err
	}
	witnesses, err := tessera.NewWitnessGroupFromPolicy(policy)
	if err != nil {
		return nil, err
	}
	return tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithBatching(1, 50*time.Millisecond).
		WithCheckpointInterval(200*time.Millisecond).
		WithWitnesses(witnesses, &tessera.WitnessOptions{Timeout: 20 * time.Second}), nil
}
