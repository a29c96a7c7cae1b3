// Tideline is a small departures board: the sample application that Slipway takes round the loop.
//
// It has no dependency, so it builds without a network. Settings come from the environment:
// PORT, GREETING, TRAFFIC_PER_MINUTE, HARBOUR_KEY and APPLICATIONINSIGHTS_CONNECTION_STRING.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// version is the commit, set by the linker.
var version = "dev"

var errTideGauge = errors.New("tide gauge did not answer within 200 ms")

func main() {
	port := setting("PORT", "8080")
	telemetry := newTelemetry(os.Getenv("APPLICATIONINSIGHTS_CONNECTION_STRING"), "tideline", version)
	server := &http.Server{
		Addr:              ":" + port,
		Handler:           routes(telemetry),
		ReadHeaderTimeout: 5 * time.Second,
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	go telemetry.run(ctx)
	go visitors(ctx, "http://127.0.0.1:"+port)
	go func() {
		<-ctx.Done()
		shutdown, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(shutdown)
	}()
	log.Printf("tideline %s listens on :%s", version, port)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

func routes(telemetry *telemetry) http.Handler {
	mux := http.NewServeMux()
	// Probes are not traffic: they go round the telemetry.
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("/", telemetry.measured("GET /", func(w http.ResponseWriter, r *http.Request) error {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return nil
		}
		return board(w)
	}))
	mux.HandleFunc("/api/sailings", telemetry.measured("GET /api/sailings", func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "application/json")
		return json.NewEncoder(w).Encode(Next(time.Now(), 5))
	}))
	mux.HandleFunc("/api/tide", telemetry.measured("GET /api/tide", tide))
	return mux
}

func board(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!doctype html><title>Tideline</title><h1>%s</h1><ul>",
		html.EscapeString(Headline(setting("GREETING", "Welcome to the harbour"), time.Now())))
	for _, sailing := range Next(time.Now(), 5) {
		fmt.Fprintf(w, "<li>%s · %s · %s</li>", sailing.Departure, html.EscapeString(sailing.Route), html.EscapeString(sailing.Vessel))
	}
	_, err := fmt.Fprintf(w, "</ul><p>Version %s</p>", html.EscapeString(version))
	return err
}

// tide answers slowly, and now and then not at all: something to find in the telemetry.
func tide(w http.ResponseWriter, _ *http.Request) error {
	now := time.Now()
	time.Sleep(time.Duration(5+now.UnixNano()/1000%35) * time.Millisecond)
	if now.UnixNano()/1000%41 == 0 {
		return errTideGauge
	}
	_, err := fmt.Fprintf(w, `{"metres":%.2f}`, 1.5+float64(now.Minute())/60)
	return err
}

// visitors walks through the pages, so that there is something to see.
func visitors(ctx context.Context, base string) {
	perMinute, err := strconv.Atoi(setting("TRAFFIC_PER_MINUTE", "120"))
	if err != nil || perMinute <= 0 {
		return
	}
	pages := []string{"/", "/api/sailings", "/api/tide"}
	ticker := time.NewTicker(time.Minute / time.Duration(perMinute))
	defer ticker.Stop()
	client := &http.Client{Timeout: 5 * time.Second}
	for count := 0; ; count++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if answer, err := client.Get(base + pages[count%len(pages)]); err == nil {
				_ = answer.Body.Close()
			}
		}
	}
}

func setting(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}
