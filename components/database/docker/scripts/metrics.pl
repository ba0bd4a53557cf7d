# Serves one file of metrics to Prometheus: metrics.pl FILE PORT
use strict;
use warnings;
use IO::Socket::INET;

my ($file, $port) = @ARGV;
my $server = IO::Socket::INET->new(LocalPort => $port, Listen => 16, ReuseAddr => 1) or die "port $port: $!\n";
while (my $client = $server->accept) {
    # One slow reader must not keep Prometheus out for long.
    eval {
        local $SIG{ALRM} = sub { die "slow\n" };
        alarm 5;
        while (defined(my $line = <$client>)) { last if $line =~ /^\r?\n$/ }
        my $body = "";
        if (open my $metrics, '<', $file) { local $/; $body = <$metrics> }
        print $client "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close\r\nContent-Length: "
            . length($body) . "\r\n\r\n$body";
        alarm 0;
    };
    alarm 0;
    close $client;
}
