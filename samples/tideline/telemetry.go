package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"
)

// telemetry sends Application Insights items: newline-delimited JSON, gzip, once a second.
// The protocol's items are described at
// https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete
type telemetry struct {
	endpoint, key, role, version, instance string

	items  chan map[string]any
	client *http.Client
}

func newTelemetry(connection, role, version string) *telemetry {
	t := &telemetry{role: role, version: version, items: make(chan map[string]any, 1000), client: &http.Client{Timeout: 5 * time.Second}}
	t.instance, _ = os.Hostname()
	for _, part := range strings.Split(connection, ";") {
		name, value, _ := strings.Cut(part, "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "instrumentationkey":
			t.key = strings.TrimSpace(value)
		case "ingestionendpoint":
			t.endpoint = strings.TrimRight(strings.TrimSpace(value), "/")
		}
	}
	return t
}

// measured turns a handler that may fail into one that is measured.
func (t *telemetry) measured(operation string, handler func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		trace, id := randomHex(16), randomHex(8)
		recorder := &recorder{ResponseWriter: w, status: http.StatusOK}
		if err := handler(recorder, r); err != nil {
			if !recorder.written {
				http.Error(recorder, err.Error(), http.StatusInternalServerError)
			}
			t.exception(operation, trace, id, err)
		}
		t.add(operation, trace, id, "Request", "RequestData", map[string]any{
			"ver": 2, "id": id, "name": operation, "url": "http://" + r.Host + r.URL.String(),
			"duration":     timespan(time.Since(started)),
			"responseCode": fmt.Sprint(recorder.status), "success": recorder.status < 400,
		})
	}
}

func (t *telemetry) exception(operation, trace, parent string, err error) {
	stack := []map[string]any{}
	callers := make([]uintptr, 8)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for level := 0; ; level++ {
		frame, more := frames.Next()
		stack = append(stack, map[string]any{"level": level, "method": frame.Function, "fileName": frame.File, "line": frame.Line})
		if !more {
			break
		}
	}
	t.add(operation, trace, parent, "Exception", "ExceptionData", map[string]any{
		"ver": 2, "severityLevel": 3, "problemId": "TideGaugeTimeout at main.tide",
		"exceptions": []map[string]any{{
			"id": 1, "typeName": "TideGaugeTimeout", "message": err.Error(), "hasFullStack": true, "parsedStack": stack,
		}},
	})
}

func (t *telemetry) add(operation, trace, parent, name, kind string, data map[string]any) {
	if t.endpoint == "" {
		return
	}
	item := map[string]any{
		"ver": 1, "name": "Microsoft.ApplicationInsights." + name, "time": time.Now().UTC().Format(time.RFC3339Nano), "iKey": t.key,
		"tags": map[string]string{
			"ai.cloud.role": t.role, "ai.cloud.roleInstance": t.instance, "ai.application.ver": t.version,
			"ai.operation.id": trace, "ai.operation.name": operation, "ai.operation.parentId": parent,
			"ai.internal.sdkVersion": "tideline:1",
		},
		"data": map[string]any{"baseType": kind, "baseData": data},
	}
	select {
	case t.items <- item:
	default: // Full: the service comes before its telemetry.
	}
}

func (t *telemetry) run(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			t.send()
			return
		case <-ticker.C:
			t.send()
		}
	}
}

func (t *telemetry) send() {
	var body bytes.Buffer
	packed := gzip.NewWriter(&body)
	encoder := json.NewEncoder(packed)
	count := len(t.items)
	for range make([]struct{}, count) {
		_ = encoder.Encode(<-t.items)
	}
	_ = packed.Close()
	if count == 0 {
		return
	}
	request, err := http.NewRequest(http.MethodPost, t.endpoint+"/v2.1/track", &body)
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/x-json-stream")
	request.Header.Set("Content-Encoding", "gzip")
	if answer, err := t.client.Do(request); err == nil {
		_ = answer.Body.Close()
	}
}

type recorder struct {
	http.ResponseWriter
	status  int
	written bool
}

func (r *recorder) WriteHeader(status int) {
	r.status, r.written = status, true
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(data []byte) (int, error) {
	r.written = true
	return r.ResponseWriter.Write(data)
}

func timespan(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d:%02d.%06d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60, d.Microseconds()%1_000_000)
}

func randomHex(bytes int) string {
	buffer := make([]byte, bytes)
	_, _ = rand.Read(buffer)
	return hex.EncodeToString(buffer)
}
