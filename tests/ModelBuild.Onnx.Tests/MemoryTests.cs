using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelBuild.Onnx.Tests;

/// <summary>Weights are in memory once. `dotnet run --project tests/ModelBuild.Onnx.Tests -- measure-memory 435 1` measures at full size.</summary>
public sealed class MemoryTests
{
    [Theory]
    [InlineData(1, "raw")]
    [InlineData(500, "raw")]
    [InlineData(1, "float")]
    [InlineData(1, "external")]
    public void Loading_and_saving_allocates_little_beside_the_weights(int tensors, string kind)
    {
        const long Size = 64_000_000;
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        LargeModels.Write(path, Size, tensors, kind);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var model = OnnxModel.Load(path);
        var loaded = GC.GetAllocatedBytesForCurrentThread() - before;
        model.Save(folder.File("saved.onnx"));
        var saved = GC.GetAllocatedBytesForCurrentThread() - before - loaded;

        Assert.Equal(tensors, model.Tensors().Count());
        Assert.InRange(loaded, 0, (kind == "external" ? 0 : Size) + (Size / 20));
        Assert.InRange(saved, 0, Size / 20);
    }

    [Fact]
    public void The_process_needs_no_more_than_a_fifth_beside_the_weights()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The peak is read from /proc.");

        var output = MemoryMeasurement.Child("200", "1");

        var ratio = double.Parse(Regex.Match(output, @"ratio ([\d.]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(ratio, 0.9, 1.2);
    }

    [Fact]
    public void Inspecting_reads_next_to_nothing()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        LargeModels.Write(path, 8_000_000, 20, "raw");
        using var stream = new CountingStream(File.ReadAllBytes(path));

        OnnxModel.Load(stream, new OnnxLoadOptions { SkipWeights = true });

        Assert.InRange(stream.BytesRead, 1, 21 * 4200);
    }

    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public long BytesRead { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = base.Read(buffer);
            BytesRead += read;
            return read;
        }
    }
}
