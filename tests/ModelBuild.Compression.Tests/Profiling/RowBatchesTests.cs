using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Profiling;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Tests.Profiling;

/// <summary>Tests that the rows of data become calls with the required number of rows.</summary>
public sealed class RowBatchesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(null, 8, 1)]
    [InlineData(3, 1, 3)]
    [InlineData(2, 2, 2)]
    [InlineData(8, 1, 8)]
    public void Calls_have_the_wanted_rows(int? rows, int calls, int rowsOfCall)
    {
        var samples = Batches(new Net().Input("x", -1, 2), Data(5), rows);

        Assert.Equal(Math.Min(calls, 5), samples.Count);
        Assert.All(samples, sample => Assert.Equal([rowsOfCall, 2], sample.Inputs["x"].Shape));
        float[] read = [.. samples.SelectMany(sample => sample.Inputs["x"].Floats.ToArray())];
        Assert.Equal(Enumerable.Range(0, read.Length).Select(i => (float)(i % 10)), read);
    }

    [Fact]
    public void A_fixed_batch_stays_and_another_one_is_an_error()
    {
        var (net, data) = (new Net().Input("x", 5, 2), Data(5));

        Assert.Equal([5, 2], Assert.Single(Batches(net, data, null)).Inputs["x"].Shape);
        Assert.Equal([5, 2], Assert.Single(Batches(net, data, 5)).Inputs["x"].Shape);
        var error = Assert.Throws<CompressionException>(() => Batches(net, data, 4));
        Assert.Equal(Codes.UnknownOption, error.Code);
        Assert.Contains("has 5 rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Written_samples_are_read_again()
    {
        var signature = SignatureReader.Read(new Net().Input("x", -1, 2).Build());
        var samples = Batches(new Net().Input("x", -1, 2), Data(5), 2);

        var files = SampleFiles.Write(samples, signature, _folder.File("inputs/x"));

        Assert.Equal(
            samples.Select(sample => sample.Inputs["x"].Floats.ToArray()),
            new CalibrationFiles(files, signature).Read(CancellationToken.None).Select(sample => sample.Inputs["x"].Floats.ToArray())
        );
    }

    public void Dispose() => _folder.Dispose();

    private static IReadOnlyList<Sample> Batches(Net net, string data, int? rows)
    {
        var signature = SignatureReader.Read(net.Build());
        return RowBatches.Of(new CalibrationFiles([data], signature).Read(CancellationToken.None), signature, rows, maxCalls: 8);
    }

    private string Data(int rows) =>
        Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([rows, 2], [.. Enumerable.Range(0, rows * 2).Select(i => (float)i)])));
}
