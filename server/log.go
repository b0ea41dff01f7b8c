package server

import (
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"
)

// logged logs each request after its response: operation, principal, status and duration, and nothing that was sent, since any
// of that could be a secret in the wrong place. A header Prefer that has no effect is a warning.
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
		requestID := slog.String("request_id", c.Response().Header().Get(requestIDHeader))
		if !s.prefer && len(c.Request().Header.Values("Prefer")) > 0 {
			s.log.LogAttrs(c.Request().Context(), slog.LevelWarn, "Prefer is ignored: start serve with --prefer", requestID)
		}
		s.log.LogAttrs(c.Request().Context(), slog.LevelInfo, "answered", requestID, slog.String("operation", operation),
			slog.String("principal", principal), slog.Int("status", c.Response().Status), slog.Duration("took", time.Since(begun)))
		return nil
	}
}
