-- Requests one URL repeatedly, and prints how many requests were answered in how many seconds. No response callback: it
-- would halve the rate that wrk can reach.

function done(summary)
  local errors = summary.errors
  io.write('{"answered":', summary.requests, ',"seconds":', summary.duration / 1e6)
  io.write(',"failed":', errors.connect + errors.read + errors.write + errors.status + errors.timeout, '}\n')
end
