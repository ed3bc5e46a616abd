-- Asks for one address again and again, and prints how many were answered in how many seconds. No callback per response:
-- handing each to Lua would halve what wrk can ask for.

function done(summary)
  local errors = summary.errors
  io.write('{"answered":', summary.requests, ',"seconds":', summary.duration / 1e6)
  io.write(',"failed":', errors.connect + errors.read + errors.write + errors.status + errors.timeout, '}\n')
end
