using System.Net.Sockets;
using ModelBuild.Compression.Caching.Remote;

namespace ModelBuild.Compression.Tests.Caching.Remote;

public sealed class RequestFaultsTests
{
    [Fact]
    public void No_kind_of_fault_repeats_the_text_of_the_exception() =>
        Assert.All(
            Enum.GetValues<HttpRequestError>(),
            error =>
            {
                var inner = new IOException("http://user:a-secret@proxy");
                var text = RequestFaults.Text(new HttpRequestException(error, "The proxy tunnel request to 'http://user:a-secret@proxy' failed.", inner));

                Assert.DoesNotContain("a-secret", text, StringComparison.Ordinal);
                Assert.InRange(text.Length, 10, 100);
            }
        );

    [Fact]
    public void The_error_of_a_socket_is_named()
    {
        var socket = new SocketException((int)SocketError.ConnectionRefused);

        var text = RequestFaults.Text(new HttpRequestException(HttpRequestError.ConnectionError, "http://user:a-secret@proxy", socket));

        Assert.Equal(socket.Message.TrimEnd('.'), text);
    }
}
