package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

const (
	entryBytes = 1024
	warmUp     = 3 * time.Second
	pollEvery  = 10 * time.Millisecond
	proveOneIn = 10
)

// quantiles of a duration, in microseconds.
type quantiles struct {
	Count     int   `json:"count"`
	P50Micros int64 `json:"p50Micros"`
	P99Micros int64 `json:"p99Micros"`
}

type loaded struct {
	PerSecond int64     `json:"perSecond"`
	CPUMicros int64     `json:"cpuMicros"`
	Durable   quantiles `json:"durable"`
	Provable  quantiles `json:"provable"`
}

// loader appends random entries to a log of Tessera's and times them.
type loader struct {
	log      *tessera.Appender
	awaiter  *tessera.PublicationAwaiter
	mu       sync.Mutex
	counting bool
	durable  []time.Duration
	provable []time.Duration
	failed   error
}

// load appends for so many seconds: at a rate where one is given, else with so many workers, each after the other's answer.
func load(ctx context.Context, dir string, words []string) error {
	numbers := make([]int, len(words))
	for i, word := range words {
		n, err := strconv.Atoi(word)
		if err != nil {
			return err
		}
		numbers[i] = n
	}
	seconds, rate, workers := time.Duration(numbers[0])*time.Second, numbers[1], numbers[2]
	batch, age, checkpoint := uint(numbers[3]), time.Duration(numbers[4])*time.Millisecond, time.Duration(numbers[5])*time.Millisecond
	log, reader, shutdown, err := growing(ctx, dir, batch, age, checkpoint)
	if err != nil {
		return err
	}
	l := &loader{log: log, awaiter: tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, pollEvery)}
	var all sync.WaitGroup
	end := time.Now().Add(warmUp + seconds)
	if rate > 0 {
		all.Go(func() { l.offer(ctx, rate, end, &all) })
	}
	for range workers {
		all.Go(func() {
			for i := 0; time.Now().Before(end); i++ {
				l.append(ctx, time.Now(), i%proveOneIn == 0, &all)
			}
		})
	}
	time.Sleep(warmUp)
	cpu := cpuMicros()
	l.count(true)
	time.Sleep(time.Until(end))
	l.count(false)
	cpu = cpuMicros() - cpu
	all.Wait()
	if l.failed != nil {
		return l.failed
	}
	appended := int64(len(l.durable))
	if appended == 0 {
		return fmt.Errorf("nothing was appended")
	}
	said := loaded{appended / int64(seconds/time.Second), cpu / appended, of(l.durable), of(l.provable)}
	if err := json.NewEncoder(os.Stdout).Encode(said); err != nil {
		return err
	}
	return shutdown(ctx)
}

func growing(ctx context.Context, dir string, batch uint, age, checkpoint time.Duration) (*tessera.Appender, tessera.LogReader, func(context.Context) error, error) {
	secret, _, err := note.GenerateKey(rand.Reader, "bench.example/log")
	if err != nil {
		return nil, nil, nil, err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, nil, nil, err
	}
	driver, err := posix.New(ctx, posix.Config{Path: dir})
	if err != nil {
		return nil, nil, nil, err
	}
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithBatching(batch, age).
		WithCheckpointInterval(checkpoint)
	log, shutdown, reader, err := tessera.NewAppender(ctx, driver, options)
	return log, reader, shutdown, err
}

// offer appends when each is due, whatever becomes of those before.
func (l *loader) offer(ctx context.Context, rate int, end time.Time, all *sync.WaitGroup) {
	start := time.Now()
	for i := 0; ; i++ {
		due := start.Add(time.Duration(i) * time.Second / time.Duration(rate))
		if due.After(end) {
			return
		}
		if left := time.Until(due); left > 0 {
			time.Sleep(left)
		}
		all.Go(func() { l.append(ctx, due, i%proveOneIn == 0, all) })
	}
}

func (l *loader) append(ctx context.Context, due time.Time, prove bool, all *sync.WaitGroup) {
	future := l.log.Add(ctx, tessera.NewEntry(entry()))
	_, err := future()
	l.note(&l.durable, due, err)
	if prove && err == nil {
		all.Go(func() {
			_, _, err := l.awaiter.Await(ctx, future)
			l.note(&l.provable, due, err)
		})
	}
}

func (l *loader) note(times *[]time.Duration, due time.Time, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.failed = err
	} else if l.counting {
		*times = append(*times, time.Since(due))
	}
}

func (l *loader) count(counting bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counting = counting
}

var (
	filling = make([]byte, entryBytes)
	number  uint64
	drawing sync.Mutex
)

// entry is random enough that no two are the same, and costs nothing.
func entry() []byte {
	drawing.Lock()
	number++
	n := number
	drawing.Unlock()
	bytes := slices.Clone(filling)
	binary.BigEndian.PutUint64(bytes, n)
	return bytes
}

func cpuMicros() int64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return used.Utime.Nano()/1000 + used.Stime.Nano()/1000
}

func of(times []time.Duration) quantiles {
	slices.Sort(times)
	if len(times) == 0 {
		return quantiles{}
	}
	at := func(percent int) int64 { return times[min(len(times)-1, len(times)*percent/100)].Microseconds() }
	return quantiles{len(times), at(50), at(99)}
}
