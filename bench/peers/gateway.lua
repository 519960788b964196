-- Sends signed calls that were prepared in a file, one a line: path, then headers as "Name: value", by tabs.
-- Arguments after `--`: file, most milliseconds of pause between two calls of a connection (0: none), threads.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  calls, place, pause = {}, 0, tonumber(args[2])
  math.randomseed(number + 1)
  local line_number = 0
  for line in io.lines(args[1]) do
    if line_number % tonumber(args[3]) == number then
      local path, headers = nil, {}
      for part in string.gmatch(line, "[^\t]+") do
        if path == nil then
          path = part
        else
          local name, value = string.match(part, "^([^:]+): (.*)$")
          headers[name] = value
        end
      end
      calls[#calls + 1] = wrk.format("GET", path, headers)
    end
    line_number = line_number + 1
  end
end

function delay()
  return pause > 0 and math.random(0, pause) or 0
end

function request()
  place = place + 1
  if place > #calls then place = 1 end
  return calls[place]
end

function done(summary, latency, _)
  io.write(string.format(
    'RESULT {"calls": %d, "seconds": %f, "refused": %d, "broken": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
