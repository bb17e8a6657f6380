package app

import (
	"net/http"
	"net/http/pprof"

	"github.com/VictoriaMetrics/metrics"
	"github.com/gin-gonic/gin"

	"sochibo/internal/database"
	"sochibo/internal/httpapi"
)

type healthResponse struct {
	Status string `json:"status" example:"ok"`
} //@name Health

type versionResponse struct {
	Version string `json:"version" example:"v0.1.0"`
	Engine  string `json:"engine" enums:"postgres,sqlite"`
} //@name Version

// live tells that the process runs.
//
//	@Summary		Tell whether the server runs
//	@Description	Answers as long as the process can answer at all; asks nothing of the database.
//	@ID				getLive
//	@Tags			Service
//	@Produce		json
//	@Success		200	{object}	healthResponse
//	@Failure		400	{object}	httpapi.Problem
//	@Router			/health/live [get]
func (a *App) live(c *gin.Context) error {
	return httpapi.JSON(c, http.StatusOK, healthResponse{Status: "ok"})
}

// ready tells that requests can be served.
//
//	@Summary		Tell whether the server can work
//	@Description	Answers 200 while the database answers and has this program's schema, and 503 otherwise.
//	@ID				getReady
//	@Tags			Service
//	@Produce		json
//	@Success		200	{object}	healthResponse
//	@Failure		400	{object}	httpapi.Problem
//	@Failure		503	{object}	httpapi.Problem
//	@Router			/health/ready [get]
func (a *App) ready(c *gin.Context) error {
	ctx := c.Request.Context()
	if err := a.db.Ping(ctx); err != nil {
		return database.Translate(err)
	}
	if err := database.CheckSchema(ctx, a.db); err != nil {
		return err
	}
	return httpapi.JSON(c, http.StatusOK, healthResponse{Status: "ok"})
}

// getVersion tells what is running.
//
//	@Summary		Read the version of the program
//	@Description	The version of the program and the kind of database behind it.
//	@ID				getVersion
//	@Tags			Service
//	@Produce		json
//	@Success		200	{object}	versionResponse
//	@Failure		400	{object}	httpapi.Problem
//	@Router			/version [get]
func (a *App) getVersion(c *gin.Context) error {
	return httpapi.JSON(c, http.StatusOK, versionResponse{Version: a.version, Engine: string(a.db.Engine())})
}

// adminHandler serves metrics and profiles, for the loopback listener alone.
func (a *App) adminHandler() http.Handler {
	set := metrics.NewSet()
	set.NewGauge("sochibo_db_connections_open", func() float64 { return float64(a.db.Stats().OpenConnections) })
	set.NewGauge("sochibo_db_connections_in_use", func() float64 { return float64(a.db.Stats().InUse) })
	set.NewGauge("sochibo_db_waits_total", func() float64 { return float64(a.db.Stats().WaitCount) })
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		set.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
	})
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}
