-- Walks through a list of paths, each once, and prints how many were answered in how many seconds.
-- Arguments: file of paths, seconds. Ends with the list or the time, whichever comes first.

local ffi = require('ffi')
ffi.cdef('typedef struct { long seconds, nanoseconds; } moment; int clock_gettime(int clock, moment *time);')
local monotonic, moment = 1, ffi.new('moment')

local function now()
  ffi.C.clock_gettime(monotonic, moment)
  return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

local paths, limit, asked, answered, startedAt = {}, 0, 0, 0, nil

function init(arguments)
  for path in io.lines(arguments[1]) do paths[#paths + 1] = path end
  limit = tonumber(arguments[2])
end

function request()
  startedAt = startedAt or now()
  asked = asked + 1
  -- Beyond the list while its last answers are still due: the clock stops with them.
  return wrk.format('GET', paths[(asked - 1) % #paths + 1])
end

function response(status)
  if status ~= 200 then
    io.write('{"status":', status, '}\n')
    io.flush()
    os.exit(1)
  end
  answered = answered + 1
  local seconds = now() - startedAt
  if answered == #paths or seconds >= limit then
    io.write('{"answered":', answered, ',"seconds":', seconds, '}\n')
    io.flush()
    os.exit(0)
  end
end
