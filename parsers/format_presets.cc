// The formats that civlog knows by name. Each is a text that the operator could have
// given, so that there is no second parser for any of them.
//
// Sources: Apache httpd, mod_log_config; nginx, ngx_http_log_module; Amazon Web
// Services, "Access logs for your Application Load Balancer", "... Classic Load
// Balancer", "Amazon S3 server access log format", "CloudFront standard logging";
// HAProxy configuration manual, "HTTP log format"; Envoy, "Access logging", default
// format, and Istio's; Traefik, "Access Logs", common format; Nginx Proxy Manager's
// `proxy` and `standard` log formats; Squid, "Features/LogFormat", squid; Microsoft,
// "W3C Logging" of IIS.

#include <iterator>

#include "parsers/log_format.h"

namespace civlog {
namespace {

constexpr FormatPreset kPresets[] = {
    {"combined", R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")",
     "Apache's and nginx's usual access log",
     "client, time in brackets, request, status, bytes, referrer and agent in quotes"},
    {"common", R"(%h %l %u %t "%r" %>s %b)", "the NCSA common log format",
     "like combined, but the line ends with the bytes"},
    {"vhost_combined", R"(%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i")",
     "Debian's Apache log of several virtual hosts", "host:port in front of a combined line"},
    {"vhost_combined_plain", R"(%v %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")",
     "combined with the virtual host in front", "a host in front of a combined line"},
    {"vhost_common", R"(%v %h %l %u %t "%r" %>s %b)", "common with the virtual host in front",
     "a host in front of a common line"},
    {"combinedio", R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %I %O)",
     "combined of Apache's sample configuration with the bytes of mod_logio",
     "a combined line with two whole numbers behind"},
    {"nginx",
     R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent )"
     R"("$http_referer" "$http_user_agent")",
     "nginx's built-in format", "the same lines as combined, which detection names instead"},
    {"nginx_main",
     R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent )"
     R"("$http_referer" "$http_user_agent" "$http_x_forwarded_for")",
     "`main` of the configuration that nginx comes with",
     "a combined line with one more quoted field, the forwarded address"},
    {"nginx_time",
     R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent )"
     R"("$http_referer" "$http_user_agent" $request_time)",
     "nginx's built-in format with the request time behind, in seconds",
     "a combined line with a decimal number behind, such as 0.012"},
    {"combined_time", R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %D)",
     "combined with the request time behind, in microseconds",
     "a combined line with a whole number behind"},
    {"ingress_nginx",
     R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent )"
     R"("$http_referer" "$http_user_agent" $request_length $request_time [$proxy_name] )"
     R"([$proxy_alternative] $upstream_addr $upstream_length $upstream_response_time )"
     R"($upstream_status $request_id)",
     "the Kubernetes ingress controller of nginx",
     "a combined line with lengths, times and [names] of upstreams behind"},
    {"traefik",
     R"($remote_addr - $remote_user [$time_local] "$request" $status_or_dash $body_bytes_sent )"
     R"("$http_referer" "$http_user_agent" $count "$router" "$server" ${latency_ms}ms)",
     "Traefik's common log format",
     "a combined line with a count, router and server in quotes and milliseconds behind"},
    {"npm_proxy",
     R"([$time_local] $cache $upstream_status $status - $request_method $scheme $host )"
     R"("$request_uri" [Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip] )"
     R"([Sent-to $server] "$http_user_agent" "$http_referer")",
     "Nginx Proxy Manager, hosts behind the proxy", "[Client …] and [Sent-to …] in brackets"},
    {"npm_standard",
     R"([$time_local] $status - $request_method $scheme $host "$request_uri" )"
     R"([Client $remote_addr] [Length $body_bytes_sent] [Gzip $gzip] )"
     R"("$http_user_agent" "$http_referer")",
     "Nginx Proxy Manager, hosts of its own", "[Client …] in brackets, without [Sent-to …]"},
    {"haproxy",
     R"($remote_addr:$remote_port [$time_local] $frontend $backend/$server )"
     R"($t_request/$t_queue/$t_connect/$t_response/$latency_ms $status $bytes_sent $rest )"
     R"("$request")",
     "HAProxy's HTTP log format", "client:port, time with milliseconds, five timers with slashes"},
    {"haproxy_https",
     R"($remote_addr:$remote_port [$time_local] $frontend $backend/$server )"
     R"($t_request/$t_queue/$t_connect/$t_response/$latency_ms $status $bytes_sent $rest )"
     R"("$request" $tls)",
     "HAProxy's HTTPS log format", "an haproxy line with the TLS connection behind the request"},
    {"alb",
     R"($type $time_iso8601 $elb $remote_addr:$remote_port $target $latency_part_s )"
     R"($latency_part_s $latency_part_s $status_or_dash $target_status $received $bytes_sent )"
     R"("$request" "$http_user_agent" $rest)",
     "AWS Application Load Balancer", "a type, an ISO time, three times in seconds, a request"},
    {"elb",
     R"($time_iso8601 $elb $remote_addr:$remote_port $target $latency_part_s $latency_part_s )"
     R"($latency_part_s $status_or_dash $target_status $received $bytes_sent "$request" )"
     R"("$http_user_agent" $rest)",
     "AWS Classic Load Balancer", "like alb without the type"},
    {"s3",
     R"($owner $bucket [$time_local] $remote_addr $remote_user $request_id $operation $key )"
     R"("$request" $status_or_dash $error $bytes_sent $object_size $latency_ms $turnaround )"
     R"("$http_referer" "$http_user_agent" $rest)",
     "Amazon S3 server access log", "the bucket's owner and the bucket in front of the time"},
    {"envoy",
     R"([$time_iso8601] "$request" $status $flags $received $bytes_sent $latency_ms )"
     R"($upstream_ms "$http_x_forwarded_for" "$http_user_agent" "$request_id" "$http_host" )"
     R"("$upstream_host")",
     "Envoy's default format", "an ISO time in brackets, the request, then numbers"},
    {"istio",
     R"([$time_iso8601] "$request" $status $flags $details $termination "$failure" $received )"
     R"($bytes_sent $latency_ms $upstream_ms "$http_x_forwarded_for" "$http_user_agent" )"
     R"("$request_id" "$http_host" "$upstream_host" $rest)",
     "Istio's default format", "an envoy line with the response's details behind the flags"},
    {"squid",
     R"($msec $latency_padded_ms $remote_addr $result/$status_or_dash $bytes_sent )"
     R"($request_method $request_uri $remote_user $rest)",
     "Squid's native format", "seconds since 1970, milliseconds, client, result/status"},
    {"w3c", "", "W3C extended log of IIS and others: the fields that its #Fields lines name",
     "a line that begins with #Fields:", FormatLanguage::kW3c},
    {"iis",
     "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
     "cs(Referer) sc-status sc-substatus sc-win32-status time-taken",
     "IIS 7 to 10 where the #Fields line is missing", "fifteen fields, date and time first",
     FormatLanguage::kW3c},
    {"iis_bytes",
     "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
     "cs(Referer) sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken",
     "the same with bytes sent and received", "seventeen fields, date and time first",
     FormatLanguage::kW3c},
    {"iis6",
     "date time s-sitename s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
     "cs(User-Agent) sc-status sc-substatus sc-win32-status",
     "IIS 6 where the #Fields line is missing", "fourteen fields, date and time first",
     FormatLanguage::kW3c},
    {"cloudfront",
     "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status "
     "cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id "
     "x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher "
     "x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port "
     "time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len "
     "sc-range-start sc-range-end",
     "Amazon CloudFront standard log where the #Fields line is missing",
     "33 fields with tabs between", FormatLanguage::kW3c},
    {"json", "json",
     "JSON objects with the usual names of nginx, Caddy, Traefik, Envoy, ECS and the clouds",
     "a line that is an object with a time, a request and a status", FormatLanguage::kJson},
};

}  // namespace

absl::Span<const FormatPreset> FormatPresets() {
  return absl::MakeConstSpan(kPresets, std::size(kPresets));
}

}  // namespace civlog
