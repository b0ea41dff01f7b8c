package server

import (
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"
)

// logged logs each request after its response: operation, principal, status and duration, and nothing that was sent, since any
// of that could be a secret in the wrong place.
func (s *Server) logged(next echo.HandlerFunc) echo.HandlerFunc {
	if s.log == nil {
		return next
	}
	return func(c echo.Context) error {
		begun := time.Now()
		if err := next(c); err != nil {
			s.respondError(err, c)
		}
		operation, principal := "", ""
		if op, known := s.operationOf(c.Path(), echo.GetPath(c.Request())); known {
			operation = op.ID
		}
		if h := callerOf(c.Request().Context()).holder; h != nil {
			principal = h.Name
		}
		s.log.LogAttrs(c.Request().Context(), slog.LevelInfo, "answered",
			slog.String("request_id", c.Response().Header().Get(requestIDHeader)), slog.String("operation", operation),
			slog.String("principal", principal), slog.Int("status", c.Response().Status), slog.Duration("took", time.Since(begun)))
		return nil
	}
}
