using System.IO.Compression;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;

namespace ModelBuild.Compression.Tests.Calibration;

/// <summary>
/// Tests the memory that is needed to read calibration data. The heap belongs to the whole process, so that no other test runs at the same time. Earlier
/// tests still change it by some 20 MB. The bounds are therefore half of what a reader would hold that kept everything.
/// </summary>
[CollectionDefinition(nameof(CalibrationMemoryTests), DisableParallelization = true)]
[Collection(nameof(CalibrationMemoryTests))]
public sealed class CalibrationMemoryTests
{
    [Fact]
    [Trait("Speed", "Slow")]
    public void Memory_does_not_grow_with_the_number_of_samples()
    {
        using var folder = new TemporaryFolder();
        const int Rows = 8192,
            Columns = 4096;
        var path = folder.File("large.npz");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using var entry = archive.CreateEntry("x.npy", CompressionLevel.Fastest).Open();
            entry.Write(Numpy.Array("<f4", [Rows, Columns], []));
            for (var row = 0; row < Rows; row++)
                entry.Write(new byte[Columns * 4]);
        }

        var (rows, first, last) = (0L, 0L, 0L);
        foreach (var sample in new CalibrationFiles([path], SignatureReader.Read(new Net().Input("x", -1, Columns).Build())).Read(CancellationToken.None))
        {
            rows += sample.Inputs["x"].Shape[0];
            if (rows % 2048 != 0)
                continue;
            last = GC.GetTotalMemory(forceFullCollection: true);
            first = first == 0 ? last : first;
        }

        Assert.Equal(Rows, rows);
        Assert.InRange(last - first, long.MinValue, (long)Rows * Columns * sizeof(float) / 2);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Statistics_take_no_more_memory_for_more_calls()
    {
        const int Calls = 200,
            Size = 1 << 17;
        var values = Noise.Floats(Size);
        var model = new Net().Input("x", -1, Size).Node("Neg", "x", "a").Node("Relu", "a", "y").Output("y").Build();
        var (read, first, last) = (0, 0L, 0L);
        var samples = new ListedSamples(
            Enumerable
                .Range(0, Calls)
                .Select(_ =>
                {
                    if (read++ % 50 == 0)
                    {
                        last = GC.GetTotalMemory(forceFullCollection: true);
                        first = first == 0 ? last : first;
                    }

                    return ListedSamples.Call("x", [1, Size], (float[])values.Clone());
                })
        );

        var statistics = StatisticsCollector.Collect(
            model,
            samples,
            new StatisticsRequest(["x", "a", "y"], true, new Dictionary<string, int>()),
            2,
            CancellationToken.None
        );

        Assert.Equal((3, (long)Calls * Size), (statistics.Count, statistics["a"].Histogram!.Sum()));
        Assert.InRange(last - first, long.MinValue, (long)Calls * Size * sizeof(float) / 2);
    }
}
