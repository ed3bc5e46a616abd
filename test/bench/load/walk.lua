-- Requests each path of a list once, and prints how many were answered in how many seconds.
-- Arguments: file of paths, seconds. Stops sending at the end of the list or the time; the clock stops with the last
-- outstanding answer, since a cut-off would penalize whoever has more requests in progress.

local ffi = require('ffi')
ffi.cdef('typedef struct { long seconds, nanoseconds; } moment; int clock_gettime(int clock, moment *time);')
local monotonic, moment = 1, ffi.new('moment')

local function now()
  ffi.C.clock_gettime(monotonic, moment)
  return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

local paths, limit, asked, answered, startedAt, isTried = {}, 0, 0, 0, nil, false

local function isOver()
  return asked == #paths or (startedAt ~= nil and now() - startedAt >= limit)
end

function init(arguments)
  for path in io.lines(arguments[1]) do paths[#paths + 1] = path end
  limit = tonumber(arguments[2])
end

-- Milliseconds until a connection sends its next request.
function delay()
  return isOver() and 1e9 or 0
end

function request()
  -- wrk calls this once as a trial, before it sends anything.
  if not isTried then
    isTried = true
    return wrk.format('GET', paths[1])
  end
  startedAt = startedAt or now()
  asked = asked + 1
  return wrk.format('GET', paths[asked] or paths[#paths])
end

function response(status)
  if status ~= 200 then
    io.write('{"status":', status, '}\n')
    io.flush()
    os.exit(1)
  end
  answered = answered + 1
  if answered == asked and isOver() then
    io.write('{"answered":', answered, ',"seconds":', now() - startedAt, '}\n')
    io.flush()
    os.exit(0)
  end
end
