using System.IO.Compression;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;

namespace ModelBuild.Compression.Tests.Calibration;

/// <summary>What is on the heap is everybody's, so that nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(CalibrationMemoryTests), DisableParallelization = true)]
[Collection(nameof(CalibrationMemoryTests))]
public sealed class CalibrationMemoryTests
{
    [Fact]
    public void Memory_does_not_grow_with_the_number_of_samples()
    {
        using var folder = new TemporaryFolder();
        const int Rows = 4096, Columns = 4096;
        var path = folder.File("large.npz");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using var entry = archive.CreateEntry("x.npy", CompressionLevel.Fastest).Open();
            entry.Write(Numpy.Array("<f4", [Rows, Columns], []));
            for (var row = 0; row < Rows; row++)
                entry.Write(new byte[Columns * 4]);
        }

        var (rows, most) = (0L, 0L);
        foreach (var sample in new CalibrationFiles([path], SignatureReader.Read(new Net().Input("x", -1, Columns).Build())).Read(CancellationToken.None))
        {
            rows += sample.Inputs["x"].Shape[0];
            if (rows % 1024 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        }

        Assert.Equal(Rows, rows);
        // 64 MB in all.
        Assert.InRange(most, 0, 30_000_000);
    }
}
