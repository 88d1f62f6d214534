using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Training;
using ModelBuild.Cli.Training.Tcp;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Workers.Tests.Training;

/// <summary>Workers in a ring of TCP connections on the loopback address.</summary>
public sealed class TcpGroupTests
{
    // The number of floats in a sum that fails before it is complete.
    private const int Numbers = 100_000;

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 100_000)]
    [InlineData(3, 2)]
    [InlineData(3, 2_000_001)]
    [InlineData(5, 3)]
    [InlineData(5, 10_007)]
    [InlineData(8, 1000)]
    public void All_workers_have_the_bits_of_the_sum(int size, int count)
    {
        var results = Run(
            size,
            group =>
            {
                // The sum of 3 and more such numbers depends on the order.
                var random = new Random(group.Rank);
                float[] floats = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble())];
                double[] doubles = [.. floats.Select(value => (double)value)];
                group.Sum(floats);
                group.Sum(doubles);
                return (floats, doubles);
            }
        );

        Assert.All(results, result => Assert.Equal(results[0].floats, result.floats));
        Assert.All(results, result => Assert.Equal(results[0].doubles, result.doubles));
        var randoms = Enumerable.Range(0, size).Select(rank => new Random(rank)).ToArray();
        for (var i = 0; i < count; i++)
        {
            var sum = randoms.Sum(random => (double)(float)random.NextDouble());
            Assert.Equal(sum, results[0].doubles[i], 1e-12);
            Assert.Equal(sum, results[0].floats[i], 1e-5);
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 5_000_000)]
    [InlineData(6, 1234)]
    public void All_workers_have_the_bytes_of_worker_0(int size, int count)
    {
        var results = Run(
            size,
            group =>
            {
                var bytes = new byte[count];
                new Random(group.Rank).NextBytes(bytes);
                group.Broadcast(bytes);
                return bytes;
            }
        );

        var expected = new byte[count];
        new Random(0).NextBytes(expected);
        Assert.All(results, bytes => Assert.Equal(expected, bytes));
    }

    [Fact]
    public void A_failure_of_one_worker_is_the_error_of_all_others()
    {
        var results = Run(
            4,
            group =>
            {
                if (group.Rank == 2)
                {
                    // A sum is complete only when all workers take part in it.
                    group.Sum(new float[Numbers]);
                    group.Abort(new Failure(Codes.CalibrationData, "train.npz", "The file is damaged."), "net.onnx");
                    return "";
                }

                return Assert.Throws<CompressionException>(() => SumUntilItFails(group)).Message;
            }
        );

        Assert.Equal("Worker 2 has failed: The file is damaged. (train.npz) All workers have ended.", results[0]);
        Assert.Equal([results[0], results[0]], [results[1], results[3]]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_worker_that_closes_its_connections_ends_all_others(int ended)
    {
        var clock = Stopwatch.StartNew();

        var results = Run(
            3,
            group =>
            {
                if (group.Rank == ended)
                {
                    group.Sum(new float[Numbers]);
                    return "";
                }

                return Assert.Throws<CompressionException>(() => SumUntilItFails(group)).Code;
            }
        );

        Assert.Equal(2, results.Count(code => code == Codes.WorkerLost));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public async Task Strangers_are_not_let_in()
    {
        var meeting = new MeetingPoint("127.0.0.1", 0, "right");
        using var first = Rendezvous.Listen(new WorkerPlace(0, 2, 1), meeting);
        var leading = Task.Run(() => first.Lead(CancellationToken.None));
        var (place, known) = (new WorkerPlace(1, 2, 1), meeting with { Port = first.Port });
        using var silent = new TcpClient("127.0.0.1", first.Port);
        using var talkative = new TcpClient("127.0.0.1", first.Port);
        talkative.Client.SendAll("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8);

        var fault = Assert.Throws<CompressionException>(() => Rendezvous.Join(place, known with { Secret = "wrong" }, CancellationToken.None));
        var greeting = new Socket(SocketType.Stream, ProtocolType.Tcp);
        greeting.Connect(new IPEndPoint(IPAddress.Loopback, first.Port));
        // A group of two workers refuses a third one.
        new Greeting(ConnectionPurpose.Watch, Rank: 2, Port: 1).Send(greeting, "right");
        using var other = Rendezvous.Join(place, known, CancellationToken.None);
        using var zero = await leading;

        Assert.Equal(Codes.WorkerLost, fault.Code);
        Assert.Contains("the other side does not know the secret", fault.Message, StringComparison.Ordinal);
        var sum = new double[] { 1 };
        var adding = Task.Run(() => other.Sum(new double[] { 2 }));
        zero.Sum(sum);
        await adding;
        Assert.Equal(3, sum[0]);
        Assert.Equal(0, greeting.Receive(new byte[1]));
        greeting.Dispose();
    }

    [Fact]
    public async Task A_listener_without_the_secret_is_not_trusted()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(() =>
        {
            using var socket = listener.AcceptSocket();
            socket.SendAll(new byte[64]);
            return socket.Receive(new byte[1000]) + socket.Receive(new byte[1000]);
        });

        var fault = Assert.Throws<CompressionException>(() =>
            Rendezvous.Join(
                new WorkerPlace(1, 2, 1),
                new MeetingPoint("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, "secret"),
                CancellationToken.None
            )
        );

        Assert.Contains("the other side does not know the secret", fault.Message, StringComparison.Ordinal);
        // The bytes are the name of the protocol and a random number. They do not depend on the secret.
        Assert.Equal("modelbuild training 1\n".Length + 32, await answering);
    }

    private static void SumUntilItFails(TcpGroup group)
    {
        // The buffers of the operating system take the first numbers.
        for (var i = 0; i < 1000; i++)
            group.Sum(new float[Numbers]);
    }

    // Runs work in several workers, each with its own connections and its own thread.
    private static T[] Run<T>(int size, Func<TcpGroup, T> work)
    {
        var meeting = new MeetingPoint("127.0.0.1", 0, "secret");
        using var first = Rendezvous.Listen(new WorkerPlace(0, size, 1), meeting);
        var known = meeting with { Port = first.Port };
        var tasks = Enumerable
            .Range(0, size)
            .Select(rank =>
                Task.Factory.StartNew(
                    () =>
                    {
                        using var group =
                            rank == 0 ? first.Lead(CancellationToken.None) : Rendezvous.Join(new WorkerPlace(rank, size, 1), known, CancellationToken.None);
                        return work(group);
                    },
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
            .ToArray();
        return Task.WhenAll(tasks).GetAwaiter().GetResult();
    }
}
